using System.Text;
using System.Text.Json.Nodes;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation.Choosing;

namespace FhirCarePlan.Fhir.Tests.Validation.Choosing;

public class ProfileChoiceTests
{
    private const string Snomed = "http://snomed.info/sct", Cpa = "https://fhir.cpa.example/CodeSystem/CPA-", Trust = "nhs-mental-health-provider";

    private static Choice Choose(string json, string? writer = null)
    {
        var document = JsonParser.Parse(Encoding.UTF8.GetBytes(json), new Report())!;
        return new ProfileChoice(Check.Table).For(document.Root, writer);
    }

    private static string Names(Choice choice) => string.Join(' ', choice.Profiles.Select(p => p[ProfileTable.Profiles.Length..]));

    private static string Coded(string type, string element, string? system, string code)
    {
        var concept = $$"""{"coding":[{{{(system is null ? "" : $"\"system\":\"{system}\",")}}"code":"{{code}}"}]}""";
        return $$"""{"resourceType":"{{type}}","{{element}}":{{(R4.Type(type)!.Element(element)!.IsCollection ? $"[{concept}]" : concept)}}}""";
    }

    [Theory]
    [InlineData("CarePlan", "category", Snomed, "736253002", "CPA-CrisisPlan")]
    [InlineData("CarePlan", "category", Snomed, "1092421000000100", "CPA-CarePlan")]
    [InlineData("CarePlan", "category", Snomed, "734163000", "CPA-AgencyPlan")]
    [InlineData("CareTeam", "category", "s:a", "x", "CPA-CareTeam")]
    [InlineData("Condition", "category", Cpa + "ConditionCategory", "need", "CPA-Need")]
    [InlineData("Condition", "category", Cpa + "ConditionCategory", "physical-comorbidity", "CPA-Condition")]
    [InlineData("Condition", "category", "http://terminology.hl7.org/CodeSystem/condition-category", "problem-list-item", "")]
    [InlineData("Condition", "category", "s:a", "need", "")]
    [InlineData("Consent", "category", Cpa + "ConsentCategory", "multi-agency-sharing", "CPA-Consent")]
    [InlineData("Consent", "category", "s:a", "x", "")]
    [InlineData("Encounter", "type", Snomed, "166131000000104", "CPA-ReviewEncounter")]
    [InlineData("Encounter", "type", Snomed, "32485007", "")]
    [InlineData("Observation", "code", Snomed, "979751000000109", "CPA-HoNOS")]
    [InlineData("Observation", "code", "http://loinc.org", "85354-9", "")]
    [InlineData("Task", "code", "s:a", "x", "")]
    [InlineData("Flag", "category", "http://terminology.hl7.org/CodeSystem/flag-category", "safety", "")]
    public void The_content_says_which(string type, string element, string system, string code, string profile)
    {
        var choice = Choose(Coded(type, element, system, code));
        Assert.Equal((profile, 0), (Names(choice), choice.Doubts.Count));
    }

    public static TheoryData<string, string, string, string> EveryCode
    {
        get
        {
            var all = new TheoryData<string, string, string, string>();
            foreach (var row in Check.Table.Rows)
                foreach (var decider in row.Content.OfType<CodeDecider>().Where(d => !d.Element.Contains('.')))
                    foreach (var code in decider.Codes) all.Add(row.Profile, decider.Element, decider.System, code);
            return all;
        }
    }

    /// <summary>Each digit wrong, two neighbours swapped, a letter too few or too many; the wrong case; no system.</summary>
    [Theory]
    [MemberData(nameof(EveryCode))]
    public void One_slip_in_a_deciding_code_switches_nothing_off(string profile, string element, string system, string code)
    {
        var row = Check.Table.Rows.Single(r => r.Profile == profile);
        var known = Check.Table.On(row.On).SelectMany(r => r.Content).OfType<CodeDecider>().SelectMany(d => d.Codes).ToHashSet();
        var slips = Enumerable.Range(0, code.Length).Select(i => code[..i] + (code[i] == '5' ? '6' : char.IsDigit(code[i]) ? '5' : 'q') + code[(i + 1)..])
            .Concat(Enumerable.Range(0, code.Length - 1).Select(i => $"{code[..i]}{code[i + 1]}{code[i]}{code[(i + 2)..]}"))
            .Concat([code[..^1], code + "0", code.ToUpperInvariant()]).Where(s => !known.Contains(s)).Distinct().ToList();
        Assert.NotEmpty(slips);
        Assert.Equal([], slips.Where(s => !IsTold(Choose(Coded(row.On, element, system, s)))));
        Assert.True(IsTold(Choose(Coded(row.On, element, null, code))), "no system");
        foreach (var other in (string[])[system + "/", system.Replace("http", "HTTP", StringComparison.Ordinal), system[..^1]])
            Assert.True(IsTold(Choose(Coded(row.On, element, other, code))), other);

        bool IsTold(Choice choice) => choice.Profiles.Contains(row.Canonical) && choice.Doubts.Any(d => d.Text.Contains("did you mean", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void A_code_that_exists_means_what_it_says()
    {
        // Two digits away from the Care Programme Approach, with a right check digit.
        Assert.Equal("CPA-AgencyPlan", Names(Choose(Coded("CarePlan", "category", Snomed, "2181441000000107"))));
        Assert.Equal("", Names(Choose(Coded("Observation", "code", Snomed, "75367002"))));
    }

    [Theory]
    [InlineData("CarePlan", """ "category":[{"text":"Care Programme Approach"}] """, "CPA-CarePlan")]
    [InlineData("CarePlan", """ "category":[{"text":"Housing support plan"}] """, "CPA-AgencyPlan")]
    [InlineData("CarePlan", """ "careTeam":[{"reference":"CareTeam/x"}] """, "CPA-CarePlan")]
    [InlineData("Encounter", """ "type":[{"text":"CPA review"}] """, "CPA-ReviewEncounter")]
    [InlineData("Encounter", """ "type":[{"text":"Follow-up at home"}] """, "")]
    [InlineData("Observation", """ "code":{"text":"Accommodation"} """, "CPA-Accommodation")]
    [InlineData("Observation", """ "code":{"text":"HoNOS item 3"} """, "CPA-HoNOS")]
    [InlineData("Observation", """ "code":{"text":"Cholesterol"} """, "")]
    [InlineData("Observation", """ "code":{"coding":[{"system":"s:a","code":"1"}],"text":"Accommodation"} """, "")]
    [InlineData("Task", """ "input":[{"type":{"coding":[{"system":"https://fhir.cpa.example/CodeSystem/CPA-TaskParameter","code":"purpose"}]},"valueString":"x"}] """, "CPA-ShareRequestTask")]
    [InlineData("RiskAssessment", """ "status":"final" """, "CPA-RiskAssessment")]
    [InlineData("RiskAssessment", """ "prediction":[{"outcome":{"coding":[{"system":"http://snomed.info/sct","code":"49601007"}]}}] """, "")]
    [InlineData("QuestionnaireResponse", """ "item":[{"linkId":"risk"}] """, "CPA-SingleAssessmentResponse")]
    [InlineData("QuestionnaireResponse", """ "questionnaire":"http://other.example/q","item":[{"linkId":"risk"}] """, "")]
    [InlineData("QuestionnaireResponse", """ "questionnaire":"https://fhir.cpa.example/Questionnaire/CPA-SingleAssessment|1" """, "CPA-SingleAssessmentResponse")]
    [InlineData("QuestionnaireResponse", """ "questionnaire":"https://fhir.cpa.example/Questionnaire/CPA-SingleAsessment" """, "CPA-SingleAssessmentResponse")]
    [InlineData("Goal", """ "description":{"text":"x"} """, "")]
    [InlineData("Provenance", """ "target":[{"reference":"CarePlan/x"}] """, "CPA-Provenance")]
    [InlineData("Provenance", """ "target":[{"reference":"Observation/x"}] """, "")]
    [InlineData("Patient", """ "active":true """, "")]
    [InlineData("Patient", """ "identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number"}] """, "CPA-Patient")]
    [InlineData("AuditEvent", """ "action":"R" """, "")]
    public void What_looks_like_it_is_judged_as_it(string type, string content, string profile) =>
        Assert.Equal(profile, Names(Choose($$"""{"resourceType":"{{type}}",{{content}}}""")));

    [Theory]
    [InlineData("CarePlan", "CPA-CarePlan", "CPA-AgencyPlan")]
    [InlineData("Condition", "CPA-Condition", "")]
    [InlineData("Patient", "CPA-Patient", "CPA-Patient")]
    [InlineData("RiskAssessment", "CPA-RiskAssessment", "CPA-RiskAssessment")]
    [InlineData("EpisodeOfCare", "", "")]
    [InlineData("Goal", "", "")]
    [InlineData("Observation", "", "")]
    public void Who_writes_it_says_which(string type, string byTrust, string byPractice)
    {
        var json = $$"""{"resourceType":"{{type}}","language":"en"}""";
        Assert.Equal((byTrust, byPractice), (Names(Choose(json, Trust)), Names(Choose(json, "gp-practice"))));
        Assert.Equal("CPA-CrisisPlan", Names(Choose(Coded("CarePlan", "category", Snomed, "736253002"), Trust)));
        Assert.Equal("CPA-Need", Names(Choose(Coded("Condition", "category", Cpa + "ConditionCategory", "need"), Trust)));
    }

    [Theory]
    [InlineData("EpisodeOfCare", "type")]
    [InlineData("Goal", "category")]
    public void A_trust_that_does_not_say_what_it_is_is_asked(string type, string element)
    {
        var bare = $$"""{"resourceType":"{{type}}"}""";
        var hint = Assert.Single(Choose(bare, Trust).Doubts);
        Assert.True(hint.IsHint);
        Assert.Contains($"CPA-{type} does not bind it", hint.Text, StringComparison.Ordinal);
        Assert.Empty(Choose(bare, "gp-practice").Doubts);
        Assert.Empty(Choose(bare).Doubts);
        Assert.Empty(Choose(Coded(type, element, Snomed, "394848005"), Trust).Doubts);
    }

    public static TheoryData<string, string> EveryExtension
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var row in Check.Table.Rows)
                foreach (var name in row.Content.Concat(row.Signs).OfType<ExtensionDecider>().SelectMany(d => d.Names)) all.Add(row.Profile, name);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(EveryExtension))]
    public void An_extension_of_ours_is_a_sign(string profile, string name)
    {
        var row = Check.Table.Rows.Single(r => r.Profile == profile);
        var resource = new JsonObject { ["resourceType"] = row.On, ["extension"] = new JsonArray(new JsonObject { ["url"] = $"{ProfileTable.Profiles}Extension-CPA-{name}" }) };
        Assert.Contains(row.Canonical, Choose(resource.ToJsonString()).Profiles);
    }

    [Fact]
    public void Whoever_says_two_things_is_held_to_both()
    {
        var both = $$"""{"resourceType":"CarePlan","category":[{"coding":[{"system":"{{Snomed}}","code":"736253002"}]},{"coding":[{"system":"{{Snomed}}","code":"1092421000000100"}]}]}""";
        Assert.Equal("CPA-CarePlan CPA-CrisisPlan", Names(Choose(both)));
        var hidden = $$"""{"resourceType":"CarePlan","extension":[{"url":"{{ProfileTable.Profiles}}Extension-CPA-CareCoordinator"}],"category":[{"coding":[{"system":"{{Snomed}}","code":"736253002"}]}]}""";
        Assert.Equal("CPA-CrisisPlan CPA-CarePlan", Names(Choose(hidden)));
    }
}
