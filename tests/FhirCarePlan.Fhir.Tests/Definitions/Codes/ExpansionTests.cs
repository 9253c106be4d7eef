using FhirCarePlan.Fhir.Definitions.Codes;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Tests.Validation;

namespace FhirCarePlan.Fhir.Tests.Definitions.Codes;

public class ExpansionTests
{
    private const string Letters = """{"resourceType":"CodeSystem","url":"s:letters","status":"active","content":"complete","concept":[{"code":"a","display":"A","concept":[{"code":"b","display":"B"},{"code":"c"}]},{"code":"d"}]}""";

    private static string Set(string compose, string name = "x") => $$$"""{"resourceType":"ValueSet","url":"http://test.example/ValueSet/{{{name}}}","status":"active","compose":{ {{{compose}}} } }""";

    [Theory]
    [InlineData("""  "include":[{"system":"s:letters"}] """, "a b c d")]
    [InlineData("""  "include":[{"system":"s:letters","concept":[{"code":"b"},{"code":"a"}]}] """, "b a")]
    [InlineData("""  "include":[{"system":"s:letters","filter":[{"property":"concept","op":"is-a","value":"a"}]}] """, "a b c")]
    [InlineData("""  "include":[{"system":"s:letters","filter":[{"property":"concept","op":"descendent-of","value":"a"}]}] """, "b c")]
    [InlineData("""  "include":[{"system":"s:letters"}],"exclude":[{"system":"s:letters","concept":[{"code":"b"}]}] """, "a c d")]
    [InlineData("""  "include":[{"valueSet":["http://test.example/ValueSet/two"]}] """, "a b")]
    [InlineData("""  "include":[{"system":"s:letters","valueSet":["http://test.example/ValueSet/two"]}] """, "a b")]
    [InlineData("""  "include":[{"valueSet":["http://test.example/ValueSet/two"]},{"system":"s:letters","concept":[{"code":"a"}]}] """, "a b")]
    [InlineData("""  "include":[{"system":"http://hl7.org/fhir/administrative-gender","filter":[{"property":"concept","op":"=","value":"male"}]}] """, "male")]
    [InlineData("""  "include":[{"system":"http://snomed.info/sct","concept":[{"code":"1"}]}] """, "1")]
    public void Lists(string compose, string codes) => Assert.Equal(codes, Codes(compose));

    [Theory]
    [InlineData("""  "include":[{"system":"http://snomed.info/sct"}] """)]
    [InlineData("""  "include":[{"system":"http://snomed.info/sct","filter":[{"property":"concept","op":"is-a","value":"1"}]}] """)]
    [InlineData("""  "include":[{"valueSet":["http://test.example/ValueSet/absent"]}] """)]
    [InlineData("""  "include":[{"system":"s:letters","filter":[{"property":"color","op":"=","value":"red"}]}] """)]
    [InlineData("""  "include":[{"valueSet":["http://test.example/ValueSet/x"]}] """)]
    public void Says_why_it_cannot(string compose) => Assert.StartsWith("problem", Codes(compose));

    [Fact]
    public void An_expansion_that_came_with_the_set_will_do()
    {
        var expansion = Expansion.Of("http://test.example/ValueSet/x", Check.Definitions(
            """{"resourceType":"ValueSet","url":"http://test.example/ValueSet/x","status":"active","expansion":{"timestamp":"2024-01-01","contains":[{"system":"s:q","code":"1","contains":[{"system":"s:q","code":"2","display":"two"}]}]}}"""))!;
        Assert.Equal(["1", "2 two"], expansion.Codes.Select(c => $"{c.Code} {c.Display}".Trim()));
    }

    [Theory]
    [InlineData("administrative-gender", "male female other unknown")]
    [InlineData("goal-achievement", "in-progress improving worsening no-change achieved sustaining not-achieved no-progress not-attainable")]
    [InlineData("condition-code", "problem")]
    public void R4_lists_its_own(string name, string codes)
    {
        var expansion = Expansion.Of($"http://hl7.org/fhir/ValueSet/{name}|4.0.1", DefinitionSet.Base)!;
        Assert.Equal(codes, expansion.Problem != null ? "problem" : string.Join(' ', expansion.Codes.Select(c => c.Code)));
        if (expansion.Problem == null) Assert.All(expansion.Codes, c => Assert.NotNull(c.Display));
    }

    /// <summary>HL7 published its own expansions: whatever is listed here, is listed there.</summary>
    [SharedFact]
    public void R4_lists_what_HL7_lists()
    {
        var (compared, wrong) = (0, new List<string>());
        using var text = new StreamReader(new System.IO.Compression.GZipStream(
            File.OpenRead(SharedData.Folder("data/definitions/ValueSet-expansions.ndjson.gz")!), System.IO.Compression.CompressionMode.Decompress));
        while (text.ReadLine() is { } line)
        {
            var published = System.Text.Json.JsonDocument.Parse(line).RootElement;
            var url = published.GetProperty("url").GetString()!;
            if (Expansion.Of(url, DefinitionSet.Base) is not { Problem: null } expansion) continue;
            var wanted = published.GetProperty("codes").EnumerateArray().Select(c => $"{c[0]}|{c[1]}").ToHashSet();
            if (published.GetProperty("total") is { ValueKind: System.Text.Json.JsonValueKind.Number } total && total.GetInt32() != wanted.Count) continue; // a part of it
            compared++;
            if (!wanted.IsSubsetOf(expansion.Codes.Select(c => $"{c.System}|{c.Code}"))) wrong.Add(url);
        }
        Assert.True(compared > 800, $"{compared}");
        Assert.Equal([], wrong.Take(10));
    }

    private static string Codes(string compose)
    {
        var set = Check.Definitions(Letters, Set(compose), Set("""  "include":[{"system":"s:letters","concept":[{"code":"a"},{"code":"b"}]}] """, "two"));
        var expansion = Expansion.Of("http://test.example/ValueSet/x", set)!;
        return expansion.Problem is { } problem ? $"problem: {problem}" : string.Join(' ', expansion.Codes.Select(c => c.Code));
    }
}
