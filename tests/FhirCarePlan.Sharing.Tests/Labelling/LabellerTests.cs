using System.Text;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing.Labelling;

namespace FhirCarePlan.Sharing.Tests.Labelling;

public class LabellerTests
{
    private const string Patient = """
        {"resourceType":"Patient","id":"p","meta":{"profile":["http://x/P"],"source":"http://x/s","tag":[{"code":"t"}]},
        "text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"},
        "extension":[{"url":"http://x/e","valueString":"v"}],
        "identifier":[{"system":"http://x","value":"1"}],"active":true,
        "name":[{"family":"F","_family":{"extension":[{"url":"http://x/own","valueString":"v"}]}}],
        "telecom":[{"system":"phone","value":"1"}],"birthDate":"1990",
        "generalPractitioner":[{"reference":"Organization/o","display":"O"}]}
        """;

    [Theory]
    [InlineData("Patient", "demographics")]
    [InlineData("Patient.birthDate", "demographics")]
    [InlineData("Patient.telecom[0].value", "demographics contact")]
    [InlineData("Patient.extension[0]", "demographics other")]
    [InlineData("Patient.extension[0].value", "demographics other")]
    [InlineData("Patient.name[0].family", "demographics")]
    [InlineData("Patient.name[0].family.extension[0]", "demographics other")]
    [InlineData("Patient.meta", "demographics")]
    [InlineData("Patient.meta.source", "demographics other")]
    [InlineData("Patient.meta.tag[0]", "demographics other")]
    public void A_node_carries_its_parents_categories_and_those_that_claim_it(string location, string categories) =>
        Assert.Equal(categories, Categories(Label(Patient), location));

    [Fact]
    public void A_narrative_and_a_claimed_profile_need_a_whole_view()
    {
        var whole = Protocols.Labeller.WholeView("Patient");
        Assert.Equal(whole, Mask(Label(Patient), "Patient.text.div"));
        Assert.Equal(whole, Mask(Label(Patient), "Patient.meta.profile[0]"));
        Assert.Equal(Protocols.Mask("demographics", "contact", "directory", "other"), Protocols.Labeller.CanCarry("Patient"));
    }

    [Theory]
    [InlineData("""{"code":{"coding":[{"code":"flu"}]},"subject":{"reference":"Patient/p"}}""", "diagnosis")]
    [InlineData("""{"code":{"coding":[{"code":"alcohol"}]},"subject":{"reference":"Patient/p"}}""", "substance-misuse")]
    public void A_root_filter_takes_a_resource_before_the_catch_all(string rest, string categories) =>
        Assert.Equal(categories, Categories(Label(Resource("Condition", rest)), "Condition"));

    [Fact]
    public void A_type_that_no_category_chooses_is_other() =>
        Assert.Equal("other", Categories(Label(Resource("Basic", """{"code":{"text":"x"}}""")), "Basic"));

    [Fact]
    public void An_information_category_in_meta_security_labels_the_resource() =>
        Assert.Equal("demographics risk",
            Categories(Label("""{"resourceType":"Patient","meta":{"security":[{"system":"https://fhir.cpa.example/CodeSystem/CPA-InformationCategory","code":"risk"}]}}"""), "Patient"));

    [Theory]
    [InlineData("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "N", "demographics")]
    [InlineData("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "R", "demographics R")]
    [InlineData("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "V", "demographics V")]
    [InlineData("http://terminology.hl7.org/CodeSystem/v3-ActCode", "SUD", "demographics SUD")]
    [InlineData("http://terminology.hl7.org/CodeSystem/v3-ActCode", "HIV", "demographics unknown-label")]
    [InlineData("http://elsewhere", "R", "demographics unknown-label")]
    public void A_security_label_is_a_bit_and_an_unknown_one_is_a_bit_too(string system, string code, string expected)
    {
        var label = $$"""{"system":"{{system}}","code":"{{code}}"}""";
        Assert.Equal(expected, Categories(Label($$$"""{"resourceType":"Patient","meta":{"security":[{{{label}}}]}}"""), "Patient"));
        Assert.Equal(expected,
            Categories(Label("""{"resourceType":"Patient"}""", meta: $$"""{"versionId":"1","security":[{{label}}]}"""), "Patient"));
        Assert.Equal(expected, Categories(Label($$$"""
            {"resourceType":"Patient","birthDate":"1990","_birthDate":{"extension":[{"url":"http://hl7.org/fhir/uv/security-label-ds4p/StructureDefinition/extension-inline-sec-label","valueCoding":{{{label}}}}]}}
            """), "Patient.birthDate"));
    }

    [Theory]
    [InlineData("""{"resourceType":"DocumentReference","securityLabel":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}]}]}""", "other R")]
    [InlineData("""{"resourceType":"DocumentReference","securityLabel":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"N"}]}]}""", "other")]
    [InlineData("""{"resourceType":"DocumentReference","securityLabel":[{"coding":[{"system":"http://elsewhere","code":"x"}]}]}""", "other unknown-label")]
    [InlineData("""{"resourceType":"DocumentReference","securityLabel":[{"text":"for the ward alone"}]}""", "other unknown-label")]
    [InlineData("""{"resourceType":"Composition","confidentiality":"V"}""", "other V")]
    [InlineData("""{"resourceType":"Composition","confidentiality":"N"}""", "other")]
    [InlineData("""{"resourceType":"Composition","confidentiality":"nonsense"}""", "other unknown-label")]
    public void A_label_in_the_content_is_a_label(string resource, string expected) => Assert.Equal(expected, Categories(Label(resource), resource.Split('"')[3]));

    private const string Plan = """
        {"resourceType":"CarePlan","status":"active","intent":"plan","subject":{"reference":"Patient/p","display":"P"},
        "addresses":[{"reference":"Condition/c","display":"C"}],
        "goal":[{"reference":"Goal/g"},{"reference":"Goal/g2"}],
        "activity":[
          {"progress":[{"text":"p"}],"detail":{
            "extension":[{"url":"https://fhir.cpa.example/StructureDefinition/Extension-CPA-NeedDomain","valueCodeableConcept":{"coding":[{"code":"accommodation"}]}},{"url":"http://x/unclaimed","valueString":"v"}],
            "code":{"coding":[{"code":"1","display":"d"}],"text":"t"},"status":"in-progress"}},
          {"detail":{"reasonCode":[{"coding":[{"code":"1","display":"d"}],"text":"t"}],"status":"in-progress","doNotPerform":true}}],
        "note":[{"text":"n"}]}
        """;

    [Theory]
    [InlineData("CarePlan.activity[0]", "care-plan-full accommodation")]
    [InlineData("CarePlan.activity[0].detail.status", "care-plan-full accommodation")]
    [InlineData("CarePlan.activity[0].progress[0].text", "care-plan-full accommodation risk")]
    [InlineData("CarePlan.activity[0].detail.extension[0].value.coding[0].code", "care-plan-full accommodation")]
    [InlineData("CarePlan.activity[0].detail.extension[1]", "care-plan-full accommodation other")]
    [InlineData("CarePlan.activity[1].detail.reasonCode[0].text", "care-plan-full risk")]
    [InlineData("CarePlan.activity[1].detail.doNotPerform", "care-plan-full")]
    [InlineData("CarePlan.subject.display", "care-plan-full")]
    [InlineData("CarePlan.goal[0].reference", "care-plan-full safeguarding")]
    [InlineData("CarePlan.goal[1].reference", "care-plan-full")]
    [InlineData("CarePlan.addresses[0].display", "care-plan-full diagnosis substance-misuse")]
    public void A_plan_is_labelled_part_by_part(string location, string categories) =>
        Assert.Equal(categories, Categories(Label(Plan, target: reference => reference switch
        {
            "Patient/p" => Protocols.Mask("demographics"),
            "Goal/g" => Protocols.Mask("care-plan-full", "safeguarding"),
            "Condition/c" => Protocols.Mask("substance-misuse"),
            _ => null,
        }), location));

    [Fact]
    public void What_a_document_points_at_is_told_save_the_person() =>
        Assert.Equal(["Condition/c", "Goal/g", "Goal/g2"], Label(Plan).Labels.References);

    [Fact]
    public void A_claim_on_a_modifier_is_a_claim_on_the_resource() =>
        Assert.Equal("care-plan-full safeguarding",
            Categories(Label(Resource("Goal",
            """{"lifecycleStatus":"active","description":{"text":"d"},"subject":{"reference":"Patient/p"}}""")), "Goal"));

    [Fact]
    public void An_unclaimed_modifier_extension_hides_its_parent()
    {
        var labelled =
            Label(Resource("CarePlan",
            """{"status":"active","intent":"plan","subject":{"reference":"Patient/p"},"activity":[{"modifierExtension":[{"url":"http://x","valueBoolean":true}],"detail":{"status":"stopped"}}]}"""));
        Assert.Equal("care-plan-full other", Categories(labelled, "CarePlan.activity[0]"));
        Assert.Equal("care-plan-full", Categories(labelled, "CarePlan"));
    }

    [Fact]
    public void An_expression_that_fails_hides_the_whole_resource() =>
        Assert.Contains("safeguarding", Categories(Label(Resource("Task", """{"status":"requested","intent":"order"}""")), "Task"));

    [Fact]
    public void A_contained_resource_has_its_own_category_and_hides_what_points_at_it()
    {
        var labelled = Label(Resource("CarePlan", """
            {"contained":[{"resourceType":"Condition","id":"c","code":{"coding":[{"code":"alcohol"}]},"subject":{"reference":"Patient/p"}}],
            "status":"active","intent":"plan","subject":{"reference":"Patient/p"},"activity":[{"detail":{"status":"scheduled","reasonReference":[{"reference":"#c"}]}}]}
            """));
        Assert.Equal("care-plan-full substance-misuse", Categories(labelled, "CarePlan.contained[0]"));
        Assert.Equal("care-plan-full substance-misuse", Categories(labelled, "CarePlan.activity[0].detail.reasonReference[0].reference"));
        Assert.Equal("care-plan-full", Categories(labelled, "CarePlan.activity[0].detail.status"));
    }

    [Fact]
    public void A_contained_resource_goes_with_the_last_reference_to_it()
    {
        var labelled = Label(Resource("CarePlan", """
            {"contained":[{"resourceType":"Organization","id":"o","name":"n"}],
            "status":"active","intent":"plan","subject":{"reference":"Patient/p"},"note":[{"authorReference":{"reference":"#o"},"text":"t"}],
            "activity":[{"progress":[{"authorReference":{"reference":"#o"},"text":"t"}],"detail":{"status":"scheduled"}}]}
            """));
        Assert.Equal("care-plan-full directory", Categories(labelled, "CarePlan.contained[0]"));
        Assert.Equal("care-plan-full risk directory", Categories(labelled, "CarePlan.activity[0].progress[0]"));
    }

    [Fact]
    public void A_label_that_the_type_does_not_carry_elsewhere_hides_the_whole_resource() =>
        Assert.Equal("demographics diagnosis", Categories(Label("""
            {"resourceType":"Patient","extension":[{"url":"http://x","valueReference":{"reference":"Condition/c"}}]}
            """, target: _ => Protocols.Mask("diagnosis")), "Patient"));

    [Fact]
    public void Without_the_category_other_nothing_is_labelled()
    {
        var protocol = Protocols.Small with { Categories = [.. Protocols.Small.Categories.Where(c => c.Id != "other")] };
        Assert.Throws<InvalidOperationException>(() => new Labeller(protocol, ProtocolBits.InOrder(protocol), TimeProvider.System));
    }

    private static string Resource(string type, string rest) => $$"""{"resourceType":"{{type}}",{{rest.Trim()[1..]}}""";

    private static (Document Document, Labels Labels) Label(string json, string? meta = null, Func<string, long?>? target = null)
    {
        var document = Bodies.Parse(Encoding.UTF8.GetBytes(json));
        return (document, Protocols.Labeller.Label(document, meta is null ? default : Encoding.UTF8.GetBytes(meta), target));
    }

    private static long Mask((Document Document, Labels Labels) labelled, string location)
    {
        for (var i = 0; i < labelled.Document.Count; i++)
            if (labelled.Document[i].Location == location) return labelled.Labels[i];
        throw new InvalidOperationException($"There is no `{location}`");
    }

    /// <summary>Names of the bits in the protocol's order.</summary>
    private static string Categories((Document, Labels) labelled, string location)
    {
        var mask = Mask(labelled, location);
        return string.Join(" ", ProtocolBits.NamesOf(Protocols.Small).Where(n => (Protocols.Bits.Of(n) & mask) != 0));
    }
}
