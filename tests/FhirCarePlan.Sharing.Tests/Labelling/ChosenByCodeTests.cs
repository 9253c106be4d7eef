using System.Text;
using FhirCarePlan.Sharing.Tests.Views;

namespace FhirCarePlan.Sharing.Tests.Labelling;

/// <summary>Kinds of documents, tenure, work and adjustments reach whom the agreement means, by their code; what is not said exactly reaches nobody more.</summary>
public class ChosenByCodeTests
{
    private const string Sct = "http://snomed.info/sct";

    [Theory]
    [InlineData("DocumentReference", "type", Sct, "736253002", "crisis-plan")]
    [InlineData("DocumentReference", "type", Sct, "325691000000100", "crisis-plan")]
    [InlineData("DocumentReference", "type", Sct, "2181441000000107", "care-plan-full")]
    [InlineData("DocumentReference", "type", Sct, "887701000000100", "care-plan-full")]
    [InlineData("DocumentReference", "type", Sct, "736366004", "care-plan-full")]
    [InlineData("DocumentReference", "type", Sct, "735324008", "care-plan-full")]
    [InlineData("DocumentReference", "type", Sct, "736373009", "care-plan-full")]
    [InlineData("DocumentReference", "type", "https://fhir.interweavedigital.nhs.uk/CodeSystem/Interweave-SocialCareAssessmentType", "CN", "social-care-assessment")]
    [InlineData("Observation", "code", Sct, "365508006", "accommodation")]
    [InlineData("Observation", "value", Sct, "160734000", "accommodation")]
    [InlineData("Observation", "code", "https://fhir.cpa.example/CodeSystem/CPA-ObservationCode", "accommodation", "accommodation")]
    [InlineData("Observation", "code", Sct, "224362002", "employment-education")]
    [InlineData("Observation", "value", Sct, "73438004", "employment-education")]
    [InlineData("Observation", "code", "http://loinc.org", "67875-5", "employment-education")]
    [InlineData("Observation", "code", Sct, "160932005", "finance-benefits")]
    [InlineData("Condition", "code", Sct, "32911000", "accommodation")]
    [InlineData("Condition", "code", "http://hl7.org/fhir/sid/icd-10", "Z59.0", "accommodation")]
    [InlineData("Flag", "category", "https://fhir.cpa.example/CodeSystem/CPA-FlagCategory", "reasonable-adjustment", "contact")]
    [InlineData("Flag", "code", Sct, "285055002", "contact")]
    // What is not exactly of the list is of what it was of before.
    [InlineData("DocumentReference", "type", "", "736366004", "assessment-detail")]
    [InlineData("DocumentReference", "type", "https://x.example", "736366004", "assessment-detail")]
    [InlineData("DocumentReference", "type", "", "CN", "assessment-detail")]
    [InlineData("Observation", "code", "", "365508006", "assessment-detail")]
    [InlineData("Observation", "code", Sct, "365508006:1=2", "assessment-detail")]
    [InlineData("Condition", "code", Sct, "58214004", "diagnosis")]
    [InlineData("Flag", "code", Sct, "248152002", "risk")]
    public void A_resource_is_chosen_by_its_own_code(string type, string element, string system, string code, string category) =>
        Assert.Equal(category, Root(type, element, Coding(system, code)));

    [Theory]
    [InlineData("Condition", "code", "32911000", "248152002", "diagnosis")]
    [InlineData("Condition", "code", "32911000", "66590003", "diagnosis substance-misuse")]
    [InlineData("Observation", "code", "365508006", "66590003", "assessment-detail substance-misuse")]
    public void One_terminology_that_says_two_things_opens_nothing(string type, string element, string first, string second, string categories) =>
        Assert.Equal(categories, Root(type, element, $"{Coding(Sct, first)},{Coding(Sct, second)}"));

    [Fact]
    public void A_translation_beside_it_does_not_matter() =>
        Assert.Equal("accommodation", Root("Observation", "code", $"{Coding(Sct, "365508006")},{Coding("https://local.example", "tenure")}"));

    [Fact]
    public void What_is_sensitive_in_it_stays_sensitive() => Assert.Equal("accommodation substance-misuse",
        Names("""{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://snomed.info/sct","code":"365508006"}]},"valueCodeableConcept":{"coding":[{"code":"F10.2"}]},"subject":{"reference":"Patient/p"}}"""));

    [Theory]
    [InlineData("https://fhir.cpa.example/Questionnaire/CPA-SingleAssessment", "social-care-assessment")]
    [InlineData("https://fhir.cpa.example/Questionnaire/CPA-SingleAssessment|0.1.0", "social-care-assessment")]
    [InlineData("https://x.example/Questionnaire/phq-9", "assessment-detail")]
    public void The_joint_assessment_is_the_councils_too(string form, string category) =>
        Assert.Equal(category, Names($$"""{"resourceType":"QuestionnaireResponse","questionnaire":"{{form}}","status":"completed","subject":{"reference":"Patient/p"} }"""));

    [Theory]
    [InlineData("mental-health", "care-plan-full")]
    [InlineData("physical-health", "physical-health")]
    [InlineData("daily-living", "care-plan-full")]
    [InlineData("daytime-activity", "employment-education")]
    [InlineData("social-family", "care-plan-full")]
    [InlineData("carers", "carer-information")]
    [InlineData("finance-benefits", "finance-benefits")]
    [InlineData("accommodation", "accommodation")]
    [InlineData("risk", "risk")]
    [InlineData("substance-misuse", "substance-misuse")]
    [InlineData("equality-needs", "care-plan-full")]
    [InlineData("capacity", "legal-status")]
    [InlineData("third-party-mother", "third-party-information")]
    public void Each_of_its_domains_is_of_its_own_category(string linkId, string category)
    {
        using var document = Bodies.Parse(Encoding.UTF8.GetBytes($$"""{"resourceType":"QuestionnaireResponse","questionnaire":"https://fhir.cpa.example/Questionnaire/CPA-SingleAssessment","status":"completed","subject":{"reference":"Patient/p"},"item":[{"linkId":"{{linkId}}","item":[{"linkId":"{{linkId}}.detail","answer":[{"valueString":"x"}]}]},{"linkId":"strengths"}]}"""));
        var labels = Partnership.Labeller.Label(document);
        var item = document.Root["item"];
        Assert.Equal(labels.Root | Partnership.Bits.Of(category), labels[item.Index]);
        Assert.Equal(labels.Root | Partnership.Bits.Of(category), labels[item["item"].Index]);
        Assert.Equal(labels.Root, labels[item.NextSibling.Index]);
    }

    private static string Coding(string system, string code) => system.Length == 0 ? $$"""{"code":"{{code}}"}""" : $$"""{"system":"{{system}}","code":"{{code}}"}""";

    private static string Root(string type, string element, string codings)
    {
        var concept = $$"""{"coding":[{{codings}}]}""";
        var others = type switch
        {
            "DocumentReference" => "\"status\":\"current\",\"content\":[{\"attachment\":{\"url\":\"http://x.example\"}}],",
            "Observation" => element == "code" ? "\"status\":\"final\"," : "\"status\":\"final\",\"code\":{\"text\":\"x\"},",
            "Flag" => element == "code" ? "\"status\":\"active\"," : "\"status\":\"active\",\"code\":{\"text\":\"x\"},",
            _ => "",
        };
        var name = element == "value" ? "valueCodeableConcept" : element;
        return Names($$"""{"resourceType":"{{type}}",{{others}}"{{name}}":{{(element == "category" ? $"[{concept}]" : concept)}},"subject":{"reference":"Patient/p"} }""");
    }

    private static string Names(string json)
    {
        using var document = Bodies.Parse(Encoding.UTF8.GetBytes(json));
        return string.Join(' ', Partnership.Bits.NamesIn(Partnership.Labeller.Label(document).Root).Order(StringComparer.Ordinal));
    }
}
