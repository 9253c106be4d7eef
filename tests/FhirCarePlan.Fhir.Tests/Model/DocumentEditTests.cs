using System.Text;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Tests.Model;

public sealed class DocumentEditTests
{
    private const string Json =
        "{\"status\":\"active\",\n \"subject\":{\"display\":\"Robin\",\"identifier\":{\"value\":\"1\"}},\n \"resourceType\":\"CarePlan\",\"careTeam\":[{\"reference\":\"a\"},{\"reference\":\"b\"}],\n \"intent\":\"plan\"}";
    private const string Xml =
        "<CarePlan xmlns=\"http://hl7.org/fhir\"><status value=\"active\"/>\n<intent value=\"plan\"/><subject><identifier><value value=\"1\"/></identifier>\n<display value=\"Robin\"/></subject><careTeam><reference value=\"a\"/></careTeam><careTeam><reference value=\"b\"/></careTeam></CarePlan>";

    [Theory]
    [InlineData(Json)]
    [InlineData(Xml)]
    public void Sets_and_adds_and_leaves_the_rest_in_its_place(string source)
    {
        using var before = ResourceReader.Read(Encoding.UTF8.GetBytes(source), null, new Report())!;
        var edit = new DocumentEdit(before);
        edit.Set(before.Root.All("careTeam").ToList()[1], "reference", "CareTeam/b\"");
        edit.Set(before.Root["subject"], "reference", "Patient/1");
        using var after = edit.Apply();

        Assert.Equal("""{"resourceType":"CarePlan","status":"active","intent":"plan","subject":{"reference":"Patient/1","identifier":{"value":"1"},"display":"Robin"},"careTeam":[{"reference":"a"},{"reference":"CareTeam/b\""}]}""",
            Encoding.UTF8.GetString(CanonicalJson.Write(after)));
        Assert.Equal("""{"resourceType":"CarePlan","status":"active","intent":"plan","subject":{"identifier":{"value":"1"},"display":"Robin"},"careTeam":[{"reference":"a"},{"reference":"b"}]}""",
            Encoding.UTF8.GetString(CanonicalJson.Write(before)));
        for (var i = 0; i < before.Count; i++)
            Assert.Equal((before[i].Location, before[i].Position), (after[i].Location, after[i].Position));
        Assert.Equal(before.Root["subject"].Position, after.Root["subject"]["reference"].Position);
        Assert.Equal("CarePlan.subject.reference", after.Root["subject"]["reference"].Location);
    }
}
