using FhirCarePlan.Fhir.Definitions;

namespace FhirCarePlan.Fhir.Tests.Definitions;

/// <summary>What R4 says about some elements that its pages show. https://hl7.org/fhir/R4/resourcelist.html</summary>
public class R4Tests
{
    [Theory]
    [InlineData("CarePlan", "status", "1..1", "code")]
    [InlineData("CarePlan", "subject", "1..1", "Reference")]
    [InlineData("CarePlan", "activity", "0..*", "CarePlan.activity")]
    [InlineData("CarePlan", "id", "0..1", "id")]
    [InlineData("CarePlan", "meta", "0..1", "Meta")]
    [InlineData("CarePlan", "contained", "0..*", "Resource")]
    [InlineData("CarePlan.activity", "id", "0..1", "string")]
    [InlineData("CarePlan.activity", "modifierExtension", "0..*", "Extension")]
    [InlineData("CarePlan.activity", "detail", "0..1", "CarePlan.activity.detail")]
    [InlineData("CarePlan.activity.detail", "scheduled", "0..1", "Timing|Period|string")]
    [InlineData("CareTeam.participant", "onBehalfOf", "0..1", "Reference")]
    [InlineData("Condition", "onset", "0..1", "dateTime|Age|Period|Range|string")]
    [InlineData("Consent", "category", "1..*", "CodeableConcept")]
    [InlineData("Consent.provision", "provision", "0..*", "Consent.provision")]
    [InlineData("Patient", "multipleBirth", "0..1", "boolean|integer")]
    [InlineData("Bundle.entry", "resource", "0..1", "Resource")]
    [InlineData("Bundle.entry", "link", "0..*", "Bundle.link")]
    [InlineData("Questionnaire.item", "item", "0..*", "Questionnaire.item")]
    [InlineData("ExampleScenario.instance", "resourceType", "1..1", "code")]
    [InlineData("ValueSet.compose", "exclude", "0..*", "ValueSet.compose.include")]
    [InlineData("Extension", "url", "1..1", "uri")]
    [InlineData("Narrative", "div", "1..1", "xhtml")]
    [InlineData("Timing", "repeat", "0..1", "Timing.repeat")]
    [InlineData("Timing.repeat", "bounds", "0..1", "Duration|Range|Period")]
    [InlineData("Dosage", "timing", "0..1", "Timing")]
    [InlineData("string", "extension", "0..*", "Extension")]
    [InlineData("code", "id", "0..1", "string")]
    public void Knows_how_often_an_element_occurs_and_its_types(string type, string name, string range, string types)
    {
        var element = R4.Type(type)!.Element(name)!;
        Assert.Equal((range, types),
            ($"{element.Min}..{(element.Max == int.MaxValue ? "*" : element.Max)}", string.Join('|', element.Types.Select(t => t.TypeName))));
    }
}
