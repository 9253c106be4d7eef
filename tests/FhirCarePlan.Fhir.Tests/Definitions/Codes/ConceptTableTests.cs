using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Tests.Validation;

namespace FhirCarePlan.Fhir.Tests.Definitions.Codes;

public class ConceptTableTests
{
    private const string Animals = """
        {"resourceType":"CodeSystem","url":"http://test.example/animals","version":"2","name":"Animals","status":"active","content":"complete","caseSensitive":true,"concept":[
        {"code":"animal","property":[{"code":"notSelectable","valueBoolean":true}],"concept":[{"code":"dog","display":"Dog","designation":[{"language":"de","value":"Hund"}],"concept":[{"code":"poodle","display":"Poodle"}]},
        {"code":"cat","display":"Cat","property":[{"code":"status","valueCode":"retired"}]}]},{"code":"pet"},{"code":"goldfish","property":[{"code":"parent","valueCode":"pet"}]}]}
        """;

    [Theory]
    [InlineData("poodle", "dog", true)]
    [InlineData("poodle", "animal", true)]
    [InlineData("dog", "poodle", false)]
    [InlineData("dog", "dog", false)]
    [InlineData("goldfish", "pet", true)]
    [InlineData("goldfish", "animal", false)]
    public void Knows_what_is_below(string code, string ancestor, bool isBelow) =>
        Assert.Equal(isBelow, Check.Definitions(Animals).Concepts("http://test.example/animals")!.IsBelow(code, ancestor));

    [Fact]
    public void Knows_names_states_and_groups()
    {
        var table = Check.Definitions(Animals).Concepts("http://test.example/animals")!;
        Assert.Equal(("Animals", "2", true), (table.Name, table.Version, table.IsComplete));
        Assert.True(table.Find("dog")!.IsCalled(" hund"));
        Assert.False(table.Find("dog")!.IsCalled("Cat"));
        Assert.True(table.Find("animal")!.IsAbstract);
        Assert.Equal(["cat"], table.Concepts.Where(c => c.IsInactive).Select(c => c.Code));
    }

    [Fact]
    public void R4_says_what_its_own_codes_mean()
    {
        var genders = DefinitionSet.Base.Concepts("http://hl7.org/fhir/administrative-gender")!;
        Assert.Equal("Female", genders.Find("female")!.Display);
        Assert.Equal("4.0.1", genders.Version);
        var acts = DefinitionSet.Base.Concepts("http://terminology.hl7.org/CodeSystem/v3-ActCode")!;
        Assert.True(acts.IsBelow("SUBSETTED", "_ActSecurityObservationValue") || acts.Concepts.Count > 500);
        Assert.True(DefinitionSet.Base.Concepts("http://terminology.hl7.org/CodeSystem/v3-RoleCode")!.IsBelow("MTH", "PRN"));
        Assert.Null(DefinitionSet.Base.Concepts("http://snomed.info/sct"));
    }

    [Fact]
    public void Neither_SNOMED_CT_nor_LOINC_is_in_the_facts() =>
        Assert.All(["http://snomed.info/sct", "http://loinc.org"], system => Assert.Null(DefinitionSet.Base.Concepts(system)));
}
