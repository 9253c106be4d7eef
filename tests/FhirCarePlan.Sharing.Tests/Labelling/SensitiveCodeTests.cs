using System.Text;
using FhirCarePlan.Sharing.Tests.Views;

namespace FhirCarePlan.Sharing.Tests.Labelling;

/// <summary>What is sensitive by its code is labelled so in whatever element of whatever type it stands, however the coding is written (src/docs/sharing.md#leaks, row 47).</summary>
public class SensitiveCodeTests
{
    private const string Sct = "http://snomed.info/sct", Icd = "http://hl7.org/fhir/sid/icd-10", Alcohol = """{"system":"http://snomed.info/sct","code":"66590003"}""";

    // ---- which code is of which category ---------------------------------------------------------------------------------------

    [Theory]
    [InlineData(Sct, "66590003", "substance-misuse")]
    [InlineData(Icd, "F10.2", "substance-misuse")]
    [InlineData(Icd, "F19", "substance-misuse")]
    [InlineData(Icd, "K70.3", "physical-health", "substance-misuse")]
    [InlineData(Icd, "X60", "risk")]
    [InlineData(Icd, "X84.9", "risk")]
    [InlineData(Icd, "X65.0", "risk", "substance-misuse")]
    [InlineData(Sct, "248062006", "risk")]
    [InlineData(Sct, "266948004", "forensic-history")]
    [InlineData(Icd, "Z65.1", "forensic-history")]
    [InlineData(Sct, "706893006", "SDV", "safeguarding")]
    [InlineData(Icd, "T74.1", "SDV", "physical-health", "safeguarding")]
    [InlineData(Sct, "417430008", "safeguarding")]
    [InlineData(Sct, "86406008", "HIV")]
    [InlineData(Icd, "B20.7", "HIV", "physical-health")]
    [InlineData(Icd, "B24", "HIV", "physical-health")]
    [InlineData(Icd, "Z21", "HIV")]
    [InlineData(Sct, "76272004", "SEX")]
    [InlineData(Icd, "A54.0", "SEX", "physical-health")]
    [InlineData("http://www.whocc.no/atc", "J05AR13", "HIV")]
    [InlineData("http://www.whocc.no/atc", "N07BC02", "substance-misuse")]
    [InlineData("http://loinc.org", "75622-1", "HIV")]
    [InlineData("https://fhir.cpa.example/CodeSystem/CPA-NeedDomain", "substance-misuse", "substance-misuse")]
    [InlineData("https://fhir.hl7.org.uk/CodeSystem/UKCore-LegalStatusClassificationEngland", "03", "legal-status")]
    [InlineData(Icd, "E11.9", "physical-health")]
    public void A_diagnosis_is_of_what_its_code_says(string system, string code, params string[] added) =>
        Assert.Equal([.. added, "diagnosis"], Root(Condition($$"""{"system":"{{system}}","code":"{{code}}"}""")));

    [Theory]
    [InlineData(Sct, "58214004")]
    [InlineData(Sct, "248152002")]
    [InlineData(Icd, "F20.0")]
    [InlineData(Icd, "F09")]
    [InlineData(Icd, "Z73.3")]
    [InlineData(Sct, "439708006")]
    [InlineData("https://fhir.cpa.example/CodeSystem/CPA-EmploymentStatus", "03")]
    [InlineData("https://fhir.cpa.example/CodeSystem/CPA-InformationCategory", "substance-misuse")]
    public void Other_codes_add_nothing(string system, string code) =>
        Assert.Equal(["diagnosis"], Root(Condition($$"""{"system":"{{system}}","code":"{{code}}"}""")));

    // ---- how it is written -----------------------------------------------------------------------------------------------------

    [Theory]
    [InlineData("""{"system":"http://snomed.info/sct","code":"66590003"}""")]
    [InlineData("""{"system":"http://snomed.info/sct","version":"http://snomed.info/sct/999000011000000103","code":"66590003"}""")]
    [InlineData("""{"system":"http://snomed.info/sct/999000011000000103","code":"66590003"}""")]
    [InlineData("""{"system":"http://snomed.info/sct|20260101","code":"66590003"}""")]
    [InlineData("""{"system":"HTTP://snomed.info/SCT","code":"66590003"}""")]
    [InlineData("""{"system":"urn:oid:2.16.840.1.113883.6.96","code":"66590003"}""")]
    [InlineData("""{"system":"https://codes.meadow.example/problems","code":"66590003"}""")]
    [InlineData("""{"code":"66590003"}""")]
    [InlineData("""{"code":"66590003","display":"x"}""")]
    [InlineData("""{"system":"http://snomed.info/sct","code":"66590003:246112005=24484000"}""")]
    [InlineData("""{"system":"http://snomed.info/sct","code":"243796009:246090004=66590003,408731000=410512000"}""")]
    [InlineData("""{"system":"http://hl7.org/fhir/sid/icd-10","code":"F10.2"}""")]
    [InlineData("""{"system":"http://hl7.org/fhir/sid/icd-10","code":"f10.2"}""")]
    [InlineData("""{"system":"http://hl7.org/fhir/sid/icd-10","code":"F102"}""")]
    [InlineData("""{"system":"http://hl7.org/fhir/sid/icd-10","code":"F10"}""")]
    [InlineData("""{"system":"http://hl7.org/fhir/sid/icd-10","code":"F10-F19"}""")]
    [InlineData("""{"system":"http://hl7.org/fhir/sid/icd-10","code":"K86.1/F10.2"}""")]
    [InlineData("""{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"F10.20"}""")]
    [InlineData("""{"system":"http://hl7.org/fhir/sid/icd-10-uk","code":"F10.2"}""")]
    [InlineData("""{"system":"urn:oid:2.16.840.1.113883.6.3","code":"F10.2"}""")]
    [InlineData("""{"code":"F10.2"}""")]
    [InlineData("""{"code":"F\u0031\u0030.2"}""")]
    [InlineData("""{"code":"substance-misuse"}""")]
    [InlineData("""{"system":"http://snomed.info/sct","code":"58214004"},{"system":"http://hl7.org/fhir/sid/icd-10","code":"F10.5"}""")]
    [InlineData("""{"display":"x"},{"system":"http://snomed.info/sct","code":"58214004"},{"code":"F10.5"}""")]
    public void Every_way_to_write_the_coding_counts(string codings) => Assert.Contains("substance-misuse", Root(Condition(codings)));

    [Theory]
    [InlineData(""" "text":"F10.2" """, true)]
    [InlineData(""" "text":"66590003" """, true)]
    [InlineData(""" "coding":[{"display":"F10.2"}],"text":"F10.2" """, true)]
    [InlineData(""" "text":"Alcohol dependence" """, true)]
    [InlineData(""" "text":"Problem-drinking" """, true)]
    [InlineData(""" "coding":[{"display":"Alcohol dependence"}] """, true)]
    [InlineData(""" "coding":[{"system":"http://snomed.info/sct","code":"439708006","display":"Heroin"}] """, true)]
    [InlineData(""" "text":"66590003 | Alcoholism" """, true)]
    [InlineData(""" "text":"Dependence (F10.2), since May" """, true)]
    [InlineData(""" "text":"Non-alcoh" """, false)]
    [InlineData(""" "text":"Drugstore" """, false)]
    [InlineData(""" "text":"Ward F10 at night" """, false)]
    [InlineData(""" "coding":[{"system":"http://snomed.info/sct","code":"58214004"}],"text":"F10.2" """, true)]
    public void Text_is_what_it_is_unless_it_is_a_code_or_says_the_same(string concept, bool isSensitive) =>
        Assert.Equal(isSensitive, Root($$"""{"resourceType":"Condition","subject":{"reference":"Patient/p"},"code":{ {{concept}} } }""").Contains("substance-misuse"));

    // ---- where it stands -------------------------------------------------------------------------------------------------------

    /// <summary>The type and its other elements → the element that bears the code, as `{0}`: all of these hide the whole resource.</summary>
    public static TheoryData<string, string> Whole => new()
    {
        { "Condition", "\"code\":{0}" },
        { "Condition", "\"category\":[{0}],\"code\":{\"text\":\"x\"}" },
        { "Observation", "\"status\":\"final\",\"code\":{0}" },
        { "Observation", "\"status\":\"final\",\"code\":{\"text\":\"x\"},\"valueCodeableConcept\":{0}" },
        { "Observation", "\"status\":\"final\",\"code\":{\"text\":\"x\"},\"category\":[{0}]" },
        { "Observation", "\"status\":\"final\",\"code\":{\"text\":\"x\"},\"valueQuantity\":{\"value\":1,\"system\":\"https://x.example\",\"code\":\"F10.2\"}" },
        { "Observation", "\"status\":\"final\",\"code\":{\"text\":\"x\"},\"valueString\":\"66590003\"" },
        { "Observation", "\"status\":\"final\",\"code\":{\"text\":\"x\"},\"identifier\":[{\"system\":\"http://snomed.info/sct\",\"value\":\"66590003\"}]" },
        { "MedicationStatement", "\"contained\":[{\"resourceType\":\"Medication\",\"id\":\"m\",\"code\":{0}}],\"status\":\"active\",\"medicationReference\":{\"reference\":\"#m\"}" },
        { "Procedure", "\"status\":\"completed\",\"code\":{0}" },
        { "Procedure", "\"status\":\"completed\",\"category\":{0}" },
        { "MedicationStatement", "\"status\":\"active\",\"medicationCodeableConcept\":{0}" },
        { "MedicationRequest", "\"status\":\"active\",\"intent\":\"order\",\"medicationCodeableConcept\":{0}" },
        { "MedicationRequest", "\"status\":\"active\",\"intent\":\"order\",\"medicationCodeableConcept\":{\"text\":\"x\"},\"dosageInstruction\":[{\"asNeededCodeableConcept\":{0}}]" },
        { "MedicationAdministration", "\"status\":\"completed\",\"medicationCodeableConcept\":{0},\"effectiveDateTime\":\"2025\"" },
        { "AllergyIntolerance", "\"code\":{0}" },
        { "Goal", "\"lifecycleStatus\":\"active\",\"description\":{0}" },
        { "Goal", "\"lifecycleStatus\":\"active\",\"description\":{\"text\":\"x\"},\"category\":[{0}]" },
        { "CarePlan", "\"status\":\"active\",\"intent\":\"plan\",\"category\":[{0}]" },
        { "ServiceRequest", "\"status\":\"active\",\"intent\":\"order\",\"code\":{0}" },
        { "ServiceRequest", "\"status\":\"active\",\"intent\":\"order\",\"category\":[{0}]" },
        { "Task", "\"status\":\"requested\",\"intent\":\"order\",\"code\":{0}" },
        { "Encounter", "\"status\":\"finished\",\"class\":{\"code\":\"AMB\"},\"type\":[{0}]" },
        { "Encounter", "\"status\":\"finished\",\"class\":{\"code\":\"AMB\"},\"serviceType\":{0}" },
        { "Encounter", "\"status\":\"finished\",\"class\":{\"code\":\"AMB\"},\"hospitalization\":{\"dischargeDisposition\":{0}}" },
        { "EpisodeOfCare", "\"status\":\"active\",\"type\":[{0}]" },
        { "Flag", "\"status\":\"active\",\"code\":{0}" },
        { "Flag", "\"status\":\"active\",\"code\":{\"text\":\"x\"},\"category\":[{0}]" },
        { "Communication", "\"status\":\"completed\",\"category\":[{0}]" },
        { "Communication", "\"status\":\"completed\",\"topic\":{0}" },
        { "CommunicationRequest", "\"status\":\"active\",\"category\":[{0}]" },
        { "DocumentReference", "\"status\":\"current\",\"content\":[{\"attachment\":{\"url\":\"http://x.example\"}}],\"type\":{0}" },
        { "DocumentReference", "\"status\":\"current\",\"content\":[{\"attachment\":{\"url\":\"http://x.example\"}}],\"category\":[{0}]" },
        { "DocumentReference", "\"status\":\"current\",\"content\":[{\"attachment\":{\"url\":\"http://x.example\"}}],\"context\":{\"event\":[{0}]}" },
        { "DiagnosticReport", "\"status\":\"final\",\"code\":{\"text\":\"x\"},\"conclusionCode\":[{0}]" },
        { "RiskAssessment", "\"status\":\"final\",\"code\":{0}" },
        { "List", "\"status\":\"current\",\"mode\":\"working\",\"code\":{0}" },
        { "Basic", "\"code\":{0}" },
    };

    [Theory]
    [MemberData(nameof(Whole))]
    public void What_the_resource_is_about_hides_all_of_it(string type, string elements) =>
        Assert.Contains("substance-misuse", Root(Resource(type, elements)));

    /// <summary>The same, where the rest of the resource stays: type, elements, and what goes.</summary>
    public static TheoryData<string, string, string> Parts => new()
    {
        { "CarePlan", "\"status\":\"active\",\"intent\":\"plan\",\"activity\":[{\"detail\":{\"status\":\"scheduled\",\"code\":{0}}},{\"detail\":{\"status\":\"scheduled\"}}]", "CarePlan.activity[0]" },
        { "CarePlan", "\"status\":\"active\",\"intent\":\"plan\",\"activity\":[{\"detail\":{\"status\":\"scheduled\",\"reasonCode\":[{0}]}},{\"detail\":{\"status\":\"scheduled\"}}]", "CarePlan.activity[0]" },
        { "CarePlan", "\"status\":\"active\",\"intent\":\"plan\",\"activity\":[{\"outcomeCodeableConcept\":[{0}],\"detail\":{\"status\":\"scheduled\"}},{\"detail\":{\"status\":\"scheduled\"}}]", "CarePlan.activity[0]" },
        { "CarePlan", "\"status\":\"active\",\"intent\":\"plan\",\"activity\":[{\"detail\":{\"status\":\"scheduled\",\"productCodeableConcept\":{0}}},{\"detail\":{\"status\":\"scheduled\"}}]", "CarePlan.activity[0]" },
        { "Observation", "\"status\":\"final\",\"code\":{\"text\":\"x\"},\"component\":[{\"code\":{0}},{\"code\":{\"text\":\"x\"}}]", "Observation.component[0]" },
        { "Observation", "\"status\":\"final\",\"code\":{\"text\":\"x\"},\"component\":[{\"code\":{\"text\":\"x\"},\"valueCodeableConcept\":{0}},{\"code\":{\"text\":\"x\"}}]", "Observation.component[0]" },
        { "QuestionnaireResponse", "\"status\":\"completed\",\"item\":[{\"linkId\":\"a\",\"answer\":[{\"valueCoding\":{1}}]},{\"linkId\":\"b\"}]", "QuestionnaireResponse.item[0]" },
        { "RiskAssessment", "\"status\":\"final\",\"prediction\":[{\"outcome\":{0}},{\"outcome\":{\"text\":\"x\"}}]", "RiskAssessment.prediction[0]" },
        { "Goal", "\"lifecycleStatus\":\"active\",\"description\":{\"text\":\"x\"},\"target\":[{\"measure\":{0}},{\"measure\":{\"text\":\"x\"}}]", "Goal.target[0]" },
        { "Task", "\"status\":\"requested\",\"intent\":\"order\",\"input\":[{\"type\":{\"text\":\"x\"},\"valueCodeableConcept\":{0}}]", "Task.input[0]" },
        { "Task", "\"status\":\"requested\",\"intent\":\"order\",\"output\":[{\"type\":{\"text\":\"x\"},\"valueCodeableConcept\":{0}}]", "Task.output[0]" },
        { "FamilyMemberHistory", "\"status\":\"completed\",\"relationship\":{\"text\":\"x\"},\"condition\":[{\"code\":{0}},{\"code\":{\"text\":\"x\"}}]", "FamilyMemberHistory.condition[0]" },
        { "ServiceRequest", "\"status\":\"active\",\"intent\":\"order\",\"reasonCode\":[{0}]", "ServiceRequest.reasonCode[0]" },
        { "Procedure", "\"status\":\"completed\",\"code\":{\"text\":\"x\"},\"reasonCode\":[{0}]", "Procedure.reasonCode[0]" },
        { "MedicationRequest", "\"status\":\"active\",\"intent\":\"order\",\"medicationCodeableConcept\":{\"text\":\"x\"},\"reasonCode\":[{0}]", "MedicationRequest.reasonCode[0]" },
        { "MedicationStatement", "\"status\":\"active\",\"medicationCodeableConcept\":{\"text\":\"x\"},\"reasonCode\":[{0}]", "MedicationStatement.reasonCode[0]" },
        { "Encounter", "\"status\":\"finished\",\"class\":{\"code\":\"AMB\"},\"reasonCode\":[{0}]", "Encounter.reasonCode[0]" },
        { "Task", "\"status\":\"rejected\",\"intent\":\"order\",\"statusReason\":{0}", "Task.statusReason" },
        { "Communication", "\"status\":\"completed\",\"reasonCode\":[{0}]", "Communication.reasonCode[0]" },
        { "CareTeam", "\"status\":\"active\",\"participant\":[{\"role\":[{0}],\"member\":{\"reference\":\"PractitionerRole/a\"}},{\"member\":{\"reference\":\"PractitionerRole/b\"}}]", "CareTeam.participant[0]" },
        { "Patient", "\"extension\":[{\"url\":\"http://x.example/e\",\"valueCodeableConcept\":{0}}]", "Patient.extension[0]" },
        { "Goal", "\"extension\":[{\"url\":\"http://x.example/e\",\"valueCode\":\"F10.2\"}],\"lifecycleStatus\":\"active\",\"description\":{\"text\":\"x\"}", "Goal.extension[0]" },
        { "Communication", "\"contained\":[{\"resourceType\":\"Condition\",\"id\":\"c\",\"code\":{0},\"subject\":{\"reference\":\"Patient/p\"}}],\"status\":\"completed\",\"reasonReference\":[{\"reference\":\"#c\"}]", "Communication.contained[0]" },
        { "Communication", "\"contained\":[{\"resourceType\":\"HealthcareService\",\"id\":\"c\",\"specialty\":[{0}]}],\"status\":\"completed\",\"about\":[{\"reference\":\"#c\"}]", "Communication.contained[0]" },
    };

    [Theory]
    [MemberData(nameof(Parts))]
    public void What_a_part_is_about_hides_the_part(string type, string elements, string part)
    {
        using var document = Bodies.Parse(Encoding.UTF8.GetBytes(Resource(type, elements)));
        var labels = Partnership.Labeller.Label(document);
        var bit = Partnership.Bits.Of("substance-misuse");
        Assert.Equal(0, labels.Root & bit);
        var hidden = Enumerable.Range(0, document.Count).Where(i => (labels[i] & bit) != 0).Select(i => document[i].Location).ToList();
        Assert.Contains(part, hidden);
        if (type == "CarePlan") Assert.DoesNotContain("CarePlan.activity[1]", hidden);
    }

    [Fact]
    public void A_reference_to_what_is_sensitive_is_sensitive()
    {
        using var document = Bodies.Parse(Encoding.UTF8.GetBytes(Resource("ServiceRequest", "\"status\":\"active\",\"intent\":\"order\",\"reasonReference\":[{\"reference\":\"Condition/c\"}]")));
        using var target = Bodies.Parse(Encoding.UTF8.GetBytes(Condition(Alcohol)));
        var root = Partnership.Labeller.Label(target).Root;
        var labels = Partnership.Labeller.Label(document, target: _ => root);
        Assert.NotEqual(0, labels[document.Root["reasonReference"].Index] & Partnership.Bits.Of("substance-misuse"));
        // A target that is not there hides as much.
        Assert.Equal(root, root & Partnership.Labeller.AbsentRoot("Condition"));
    }

    // ---- where it says nothing of a person ---------------------------------------------------------------------------------------

    [Theory]
    [InlineData("HealthcareService", "\"specialty\":[{0}]", "directory")]
    [InlineData("Organization", "\"name\":\"x\",\"type\":[{0}]", "directory")]
    [InlineData("PractitionerRole", "\"code\":[{0}]", "directory")]
    [InlineData("Questionnaire", "\"status\":\"active\",\"item\":[{\"linkId\":\"a\",\"type\":\"group\",\"code\":[{1}]}]", "conformance")]
    [InlineData("Consent", "\"status\":\"active\",\"scope\":{\"text\":\"x\"},\"category\":[{\"text\":\"x\"}],\"policyRule\":{\"text\":\"x\"},\"provision\":{\"type\":\"deny\",\"code\":[{0}]}", "consent")]
    public void Who_works_where_definitions_and_decisions_stay_what_they_are(string type, string elements, string category) =>
        Assert.Equal([category], Root(Resource(type, elements)));

    [Fact]
    public void Labels_and_tags_have_their_own_meaning() =>
        Assert.Equal(["diagnosis"], Root($$$"""{"resourceType":"Condition","meta":{"tag":[{{{Alcohol}}}]},"code":{"text":"x"},"subject":{"reference":"Patient/p"}}"""));

    private static string Condition(string codings) => $$"""{"resourceType":"Condition","code":{"coding":[{{codings}}],"text":"x"},"subject":{"reference":"Patient/p"} }""";

    private static string Resource(string type, string elements)
    {
        var about = type switch
        {
            "EpisodeOfCare" or "AllergyIntolerance" or "FamilyMemberHistory" or "Consent" => "patient",
            "Task" => "for",
            "Patient" or "HealthcareService" or "Organization" or "PractitionerRole" or "Questionnaire" => "",
            _ => "subject",
        };
        var subject = about.Length == 0 ? "" : $",\"{about}\":{{\"reference\":\"Patient/p\"}}";
        return $"{{\"resourceType\":\"{type}\",{elements.Replace("{0}", $"{{\"coding\":[{Alcohol}],\"text\":\"x\"}}").Replace("{1}", Alcohol)}{subject}}}";
    }

    private static List<string> Root(string json)
    {
        using var document = Bodies.Parse(Encoding.UTF8.GetBytes(json));
        return [.. Partnership.Bits.NamesIn(Partnership.Labeller.Label(document).Root).Order(StringComparer.Ordinal).OrderBy(n => n == "diagnosis")];
    }
}
