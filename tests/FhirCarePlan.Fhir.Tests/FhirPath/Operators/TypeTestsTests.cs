namespace FhirCarePlan.Fhir.Tests.FhirPath.Operators;

public class TypeTestsTests
{
    [Theory]
    [InlineData("gender is code", "true")]
    [InlineData("gender is string", "true")]
    [InlineData("gender is System.String", "false")]
    [InlineData("$this is DomainResource", "true")]
    [InlineData("name.first() is FHIR.HumanName", "true")]
    [InlineData("name is HumanName", "error")]
    [InlineData("link is HumanName", "")]
    [InlineData("deceased is boolean", "true")]
    [InlineData("gender.as(string)", "")]
    [InlineData("gender.as(code)", "male")]
    [InlineData("extension.value.ofType(integer)", "2")]
    [InlineData("extension.value as integer", "2")]
    [InlineData("name.as(HumanName)", "error")]
    [InlineData("descendants().as(id)", "p, o")]
    [InlineData("contained.ofType(Organization).name", "Trust")]
    [InlineData("contained.ofType(Resource).id", "o")]
    public void Types(string expression, string result) => Assert.Equal(result, Given.Result(expression, Given.Patient));

    [Theory]
    [InlineData("managingOrganization.resolve() is Organization", "true")]
    [InlineData("managingOrganization.resolve().is(Patient)", "false")]
    [InlineData("generalPractitioner.where(resolve() is Practitioner).reference", "Practitioner/1")]
    [InlineData("generalPractitioner[1].resolve() is Organization", "true")]
    [InlineData("generalPractitioner[0].resolve() is DomainResource", "true")]
    public void A_reference_names_the_type_of_its_target(string expression, string result) =>
        Assert.Equal(result, Given.Result(expression, Given.Patient));
}
