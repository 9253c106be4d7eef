using FhirCarePlan.Fhir.Definitions;

namespace FhirCarePlan.Fhir.Tests.Definitions;

public class CompartmentTableTests
{
    [Theory]
    [InlineData("Patient", "CarePlan", "patient performer")]
    [InlineData("Patient", "CareTeam", "patient participant")]
    [InlineData("Patient", "Condition", "patient asserter")]
    [InlineData("Patient", "Consent", "patient")]
    [InlineData("Patient", "Patient", "link")]
    [InlineData("Patient", "Organization", "")]
    [InlineData("Practitioner", "CareTeam", "participant")]
    [InlineData("RelatedPerson", "Condition", "asserter")]
    [InlineData("Encounter", "CarePlan", "encounter")]
    [InlineData("Encounter", "Encounter", "")] // itself, by no parameter
    [InlineData("Device", "Account", "subject")]
    [InlineData("Group", "CarePlan", "")] // no compartment of that name
    public void Names_the_parameters_that_make_a_member(string compartment, string type, string parameters) =>
        Assert.Equal(parameters, string.Join(' ', R4.Compartment(compartment, type)));

    [Fact]
    public void Every_parameter_named_exists()
    {
        foreach (var compartment in (string[])["Device", "Encounter", "Patient", "Practitioner", "RelatedPerson"])
            foreach (var type in R4.ResourceTypes)
                foreach (var code in R4.Compartment(compartment, type))
                    Assert.True(R4.SearchParameters.Any(p => p.Code == code && p.Bases.Contains(type)), $"{compartment}: {type}.{code}");
    }
}
