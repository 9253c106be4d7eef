using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Tests.Validation.Rules;

public class NativeInvariantsTests
{
    private static readonly HashSet<string> Native = ["ele-1", "ext-1", "ref-1", "qty-3", "cpt-2", "att-1", "dom-2", "dom-3", "dom-4",
        "dom-5", "dom-6", "bdl-7"];

    [Theory]
    [InlineData("""{"resourceType":"Patient","telecom":[{"value":"1"}]}""", "cpt-2 Patient.telecom[0]")]
    [InlineData("""{"resourceType":"Patient","photo":[{"data":"QUJD"}]}""", "att-1 Patient.photo[0]")]
    [InlineData("""{"resourceType":"Patient","contained":[{"resourceType":"Patient","id":"a","contained":[{"resourceType":"Patient","id":"b"}]}],"link":[{"other":{"reference":"#a"},"type":"seealso"}]}""", "dom-2 Patient", "dom-3 Patient.contained[0]")]
    [InlineData("""{"resourceType":"Patient","contained":[{"resourceType":"Patient","id":"a","meta":{"versionId":"1"}}],"link":[{"other":{"reference":"#a"},"type":"seealso"}]}""", "dom-4 Patient")]
    [InlineData("""{"resourceType":"Patient","contained":[{"resourceType":"Patient","id":"a","meta":{"security":[{"code":"R"}]}}],"link":[{"other":{"reference":"#a"},"type":"seealso"}]}""", "dom-5 Patient")]
    [InlineData("""{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"a","name":"x"}]}""", "dom-3 Patient")]
    [InlineData("""{"resourceType":"Patient","contained":[{"resourceType":"Provenance","id":"a","target":[{"reference":"#"}],"recorded":"2024-01-01T00:00:00Z","agent":[{"who":{"display":"x"}}]}]}""")]
    [InlineData("""{"resourceType":"Questionnaire","status":"active","item":[{"linkId":"0","type":"string"},{"linkId":"1","type":"string","enableWhen":[{"question":"0","operator":"exists","answerBoolean":false}]}]}""")]
    [InlineData("""{"resourceType":"Questionnaire","status":"active","item":[{"linkId":"0","type":"integer"},{"linkId":"1","type":"string","enableWhen":[{"question":"0","operator":"exists","answerInteger":1}]}]}""", "que-7 Questionnaire.item[1].enableWhen[0]")]
    public void Say_what_R4_says(string json, params string[] errors) => Assert.Equal(errors, Check.Base(json).Errors());

    [Fact]
    public void The_narrative_of_the_container_does_for_what_it_contains() => Assert.Empty(Check.Base("""
        {"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"},
        "contained":[{"resourceType":"Organization","id":"a","name":"x"}],"managingOrganization":{"reference":"#a"}}
        """).Issues);

    /// <summary>Each is compared with its published expression on every node of every official example.</summary>
    [SharedFact]
    public void Agree_with_their_expressions()
    {
        var context = new FhirPathContext(Check.Clock);
        var expressions = new Dictionary<string, FhirPathExpression>();
        foreach (var file in Directory.EnumerateFiles(SharedData.Folder("data/examples/json")!, "*.json"))
        {
            using var document = JsonParser.Parse(File.ReadAllBytes(file), new Report());
            if (document == null || document.Count > 3000) continue; // dom-3 as published is quadratic
            var report = new Report();
            new Fhir.Validation.Validator(Fhir.Definitions.Packages.DefinitionSet.Base, Check.Clock)
                .Validate(document, [], report, new() { MaxIssues = 10_000 });
            var native = report.Issues.Where(i => Native.Contains(i.Key!)).Select(i => $"{i.Key} {i.Expression}").ToHashSet();
            var published = new HashSet<string>();
            for (var i = 0; i < document.Count; i++)
                foreach (var rule in document[i].Type.Invariants)
                    if (Native.Contains(rule.Key) && !(rule.Key == "dom-6" && document[i].Property != null && document[i].Name == "contained") && Expression(rule).Test(document[i], context) == false)
                        published.Add($"{rule.Key} {document[i].Location}");
            Assert.Equal(published.Order(), native.Order());
        }

        FhirPathExpression Expression(Invariant rule) =>
            expressions.TryGetValue(rule.Key, out var known) ? known : expressions[rule.Key] = FhirPathExpression.Compile(rule.Expression);
    }
}
