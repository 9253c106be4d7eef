namespace FhirCarePlan.Fhir.Tests.Validation.Rules;

public class ProfileRuleTests
{
    private static readonly string Home = DataType("home", """{"path":"Address.use","min":1}""");
    private static readonly string City = DataType("city", """{"path":"Address.city","min":1}""");

    [Theory]
    [InlineData("home", """{"city":"x"}""", "cardinality Patient.address[0]")]
    [InlineData("home", """{"use":"home"}""")]
    [InlineData("home city", """{"city":"x"}""")]
    [InlineData("home city", """{"text":"x"}""", "profile Patient.address[0]")]
    [InlineData("nowhere", """{"text":"x"}""", "profile Patient.address[0]")]
    public void A_value_meets_its_profile_or_one_of_several(string profiles, string address, params string[] errors) =>
        Assert.Equal(errors, Check.Profile("Patient",
        $$"""{"path":"Patient.address","type":[{"code":"Address","profile":[{{string.Join(",", profiles.Split(' ').Select(p => $"\"http://test.example/StructureDefinition/{p}\""))}}]}]}""",
        $$"""{"resourceType":"Patient","address":[{{address}}]}""", Home, City).Errors());

    [Theory]
    [InlineData("Patient", "Patient")]
    [InlineData("Patient", "Group", "type Bundle.entry[0].resource")]
    [InlineData("DomainResource", "Patient")]
    [InlineData("Patient Group", "Group")]
    [InlineData("Patient Organization", "Group", "profile Bundle.entry[0].resource")]
    public void A_type_of_R4_is_a_profile_that_its_resources_meet(string types, string found, params string[] errors) =>
        Assert.Equal(errors, Check.Profile("Bundle",
        $$"""{"path":"Bundle.entry.resource","type":[{"code":"Resource","profile":[{{string.Join(",", types.Split(' ').Select(t => $"\"http://hl7.org/fhir/StructureDefinition/{t}\""))}}]}]}""",
        $$$"""{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:oid:1.2","resource":{"resourceType":"{{{found}}}"{{{(found == "Group" ? ",\"type\":\"person\",\"actual\":true" : "")}}}}}]}""").Errors());

    private static string DataType(string name, string elements) =>
        Check.Definition(name, "Address", elements).Replace("\"kind\":\"resource\"", "\"kind\":\"complex-type\"");
}
