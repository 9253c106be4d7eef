using System.Text;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation;

namespace FhirCarePlan.Fhir.Tests.Validation;

public class ReferenceResolutionTests
{
    [Theory]
    [InlineData("http://a.example/Patient/p", "Patient")]
    [InlineData("http://a.example/Patient/p/_history/3", "Patient")]
    [InlineData("Patient/p", "Patient")]
    [InlineData("Patient/q", null)]
    [InlineData("#", "Condition")]
    [InlineData("#c9", "Organization")]
    [InlineData("#c10", null)]
    public void Finds_what_is_bundled_and_contained(string literal, string? type)
    {
        var contained = string.Join(',', Enumerable.Range(0, 10)
            .Select(i => $$"""{"resourceType":"Organization","id":"c{{i}}","name":"x"}"""));
        var json = $$$"""
            {"resourceType":"Bundle","type":"collection","entry":[
              {"fullUrl":"http://a.example/Condition/a","resource":{"resourceType":"Condition","id":"a","contained":[{{{contained}}}],"subject":{"display":"x"} } },
              {"fullUrl":"http://a.example/Patient/p","resource":{"resourceType":"Patient","id":"p"} }]}
            """;
        using var document = JsonParser.Parse(Encoding.UTF8.GetBytes(json), new Report())!;
        var condition = document.Root["entry"]["resource"];
        var references = new ReferenceResolution(document, null);

        var target = references.Target(condition["subject"], literal);

        Assert.Equal(type, target.IsMissing ? null : target.Type.Name);
        // The way without strings finds the same, also beyond the eighth.
        if (literal.Length > 1 && literal[0] == '#')
            Assert.Equal(target, references.ContainedTarget(condition["subject"], Encoding.UTF8.GetBytes(literal[1..])));
    }

    [Fact]
    public void What_lies_outside_is_asked_for()
    {
        using var document = JsonParser.Parse("""{"resourceType":"Patient"}"""u8.ToArray(), new Report())!;
        string? asked = null;
        new ReferenceResolution(document, literal => { asked = literal; return Node.Missing; })
            .Target(document.Root, "Organization/1/_history/2");
        Assert.Equal("Organization/1", asked);
    }
}
