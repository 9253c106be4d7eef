using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Fhir.Tests.Search;

public sealed class ParameterExpressionTests
{
    [Theory]
    [InlineData("CarePlan", "AllergyIntolerance.patient | CarePlan.subject.where(resolve() is Patient) | Consent.patient",
        "CarePlan.subject.where(resolve() is Patient)")]
    [InlineData("Goal", "AllergyIntolerance.code | (DeviceRequest.code as CodeableConcept)", "")]
    [InlineData("DeviceRequest", "AllergyIntolerance.code | (DeviceRequest.code as CodeableConcept)",
        "(DeviceRequest.code as CodeableConcept)")]
    [InlineData("Condition", "Condition.onset.as(Age) | Condition.onset.as(Range)", "Condition.onset.as(Age) | Condition.onset.as(Range)")]
    [InlineData("DocumentReference", "DocumentManifest.identifier | DocumentReference.masterIdentifier | DocumentReference.identifier",
        "DocumentReference.masterIdentifier | DocumentReference.identifier")]
    [InlineData("Medication", "MedicationRequest.status", "")]
    [InlineData("CarePlan", "Resource.meta.tag", "Resource.meta.tag")]
    [InlineData("InsurancePlan", "name | alias", "name | alias")]
    [InlineData("CarePlan", "CarePlan.note.where(text = 'a | (b' or text = '\\'|') | Goal.note",
        "CarePlan.note.where(text = 'a | (b' or text = '\\'|')")]
    [InlineData("CarePlan", "CarePlan.where(a | b) | Goal.x", "CarePlan.where(a | b)")]
    [InlineData("CarePlan", "", "")]
    public void Keeps_the_parts_of_a_type(string type, string published, string expected) =>
        Assert.Equal(expected, ParameterExpression.For(type, published));
}
