namespace FhirCarePlan.Fhir.Tests.Validation.Rules;

public class ReferenceRuleTests
{
    [Theory]
    [InlineData("""{"reference":"Patient/1"}""")]
    [InlineData("""{"reference":"https://a.example/fhir/Group/1/_history/2"}""")]
    [InlineData("""{"reference":"Practitioner/1"}""", "reference-target Condition.subject")]
    [InlineData("""{"reference":"https://a.example/fhir/Practitioner/1"}""", "reference-target Condition.subject")]
    [InlineData("""{"reference":"Practitioner?identifier=1"}""", "reference-target Condition.subject")]
    [InlineData("""{"type":"Practitioner","display":"x"}""", "reference-target Condition.subject")]
    [InlineData("""{"type":"http://hl7.org/fhir/StructureDefinition/Patient","display":"x"}""")]
    [InlineData("""{"reference":"urn:uuid:c757873d-ec9a-4326-a141-556f43239520"}""")]
    [InlineData("""{"reference":"https://a.example/something/else"}""")]
    [InlineData("""{"display":"only words"}""")]
    public void Leads_to_a_type_that_is_allowed(string reference, params string[] errors) =>
        Assert.Equal(errors, Check.Base($$"""{"resourceType":"Condition","subject":{{reference}}}""").Errors());

    [Theory]
    [InlineData("#p", "Patient")]
    [InlineData("#p", "Practitioner", "reference-target Condition.subject")]
    [InlineData("#q", "Patient", "dom-3 Condition", "ref-1 Condition.subject")]
    public void Contained_targets_are_looked_at(string reference, string type, params string[] errors) =>
        Assert.Equal(errors, Check.Base($$$"""{"resourceType":"Condition","contained":[{"resourceType":"{{{type}}}","id":"p"}],"subject":{"reference":"{{{reference}}}"}}""").Errors());

    [Theory]
    [InlineData("""{"reference":"Patient/1","type":"Patient"}""")]
    [InlineData("""{"reference":"Patient/1","type":"http://hl7.org/fhir/StructureDefinition/Patient"}""")]
    [InlineData("""{"reference":"Patient/1","type":"Resource"}""")]
    [InlineData("""{"reference":"https://a.example/something/else","type":"Patient"}""")]
    [InlineData("""{"reference":"urn:uuid:c757873d-ec9a-4326-a141-556f43239520","type":"Patient"}""")]
    [InlineData("""{"reference":"#p","type":"Patient"}""")]
    [InlineData("""{"reference":"Patient/1","type":"Group"}""", "reference-type")]
    [InlineData("""{"reference":"Patient/1/_history/2","type":"Group"}""", "reference-type")]
    [InlineData("""{"reference":"https://a.example/fhir/Group/1","type":"Patient"}""", "reference-type")]
    [InlineData("""{"reference":"Patient?identifier=1","type":"Group"}""", "reference-type")]
    [InlineData("""{"reference":"#p","type":"Group"}""", "reference-type")]
    [InlineData("""{"reference":"Patient/1","type":"http://hl7.org/fhir/StructureDefinition/Group"}""", "reference-type")]
    public void Its_type_agrees_with_where_it_leads(string reference, params string[] errors) =>
        Assert.Equal(errors, Check.Base($$$"""
            {"resourceType":"Flag","status":"active","code":{"text":"x"},"subject":{{{reference}}},
             "contained":[{"resourceType":"Patient","id":"p"}],"encounter":{"extension":[{"url":"https://a.example/x","valueReference":{"reference":"#p"}}],"display":"x"}}
            """).Issues.Where(i => i.IsError).Select(i => i.Key));

    [Fact]
    public void Its_type_agrees_with_an_entry_of_the_bundle() =>
        Assert.Equal(["reference-type Bundle.entry[0].resource.focus[0].type"], Check.Base("""
            {"resourceType":"Bundle","type":"collection","entry":[
              {"fullUrl":"urn:uuid:c757873d-ec9a-4326-a141-556f43239520","resource":{"resourceType":"Observation","status":"final","code":{"text":"x"},
                "focus":[{"reference":"urn:uuid:c757873d-ec9a-4326-a141-556f43239521","type":"Patient"}]}},
              {"fullUrl":"urn:uuid:c757873d-ec9a-4326-a141-556f43239521","resource":{"resourceType":"Location"}}]}
            """).Errors());

    [Theory]
    [InlineData("a", "b")]
    [InlineData("a", "a", "contained-id Observation.contained[1].id")]
    [InlineData("a", "A")]
    public void Contained_resources_have_ids_of_their_own(string one, string other, params string[] errors) =>
        Assert.Equal(errors, Check.Base($$$"""
            {"resourceType":"Observation","status":"final","code":{"text":"x"},"contained":[{"resourceType":"Patient","id":"{{{one}}}"},{"resourceType":"Practitioner","id":"{{{other}}}"}],
             "subject":{"reference":"#{{{one}}}"},"performer":[{"reference":"#{{{other}}}"}]}
            """).Errors().Where(e => !e.StartsWith("reference-target", StringComparison.Ordinal)));

    [Fact]
    public void Bundled_targets_are_looked_at() =>
        Assert.Equal(["reference-target Bundle.entry[0].resource.subject"], Check.Base("""
            {"resourceType":"Bundle","type":"collection","entry":[
              {"fullUrl":"urn:uuid:c757873d-ec9a-4326-a141-556f43239520","resource":{"resourceType":"Condition","subject":{"reference":"urn:uuid:c757873d-ec9a-4326-a141-556f43239521"}}},
              {"fullUrl":"urn:uuid:c757873d-ec9a-4326-a141-556f43239521","resource":{"resourceType":"Location"}}]}
            """).Errors());

    [Theory]
    [InlineData("""{"resourceType":"Patient","id":"p","active":true}""")]
    [InlineData("""{"resourceType":"Patient","id":"p","active":false}""", "reference-profile Condition.subject")]
    public void A_target_at_hand_meets_the_profile_asked_for(string patient, params string[] errors) => Assert.Equal(errors, Check.Profile("Condition",
        """{"path":"Condition.subject","type":[{"code":"Reference","targetProfile":["http://test.example/StructureDefinition/active"]}]}""",
        $$$"""{"resourceType":"Condition","contained":[{{{patient}}}],"subject":{"reference":"#p"}}""",
        Check.Definition("active", "Patient", """{"path":"Patient.active","fixedBoolean":true}""")).Errors());

    [Fact]
    public void Two_resources_that_refer_to_each_other_end() => Assert.Empty(Check.Profile("Patient",
        """{"path":"Patient.link.other","type":[{"code":"Reference","targetProfile":["http://test.example/StructureDefinition/test"]}]}""",
        """{"resourceType":"Patient","contained":[{"resourceType":"Patient","id":"b","link":[{"other":{"reference":"#"},"type":"seealso"}]}],"link":[{"other":{"reference":"#b"},"type":"seealso"}]}""").Errors());
}
