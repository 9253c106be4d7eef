namespace FhirCarePlan.Fhir.Tests.Validation.Rules;

public class InvariantRuleTests
{
    [Theory]
    [InlineData("active = true")]
    [InlineData("name.exists()", "error t-1 Patient")]
    [InlineData("name.given = 'x'")] // empty is not false
    [InlineData("name.", "warning t-1 Patient")]
    [InlineData("(active | gender).single()", "error t-1 Patient")]
    public void Only_false_violates_it(string expression, params string[] lines) =>
        Assert.Equal(lines, Rule("Patient", expression, "error", """{"resourceType":"Patient","active":true,"gender":"male"}"""));

    [Fact]
    public void A_warning_stays_one() =>
        Assert.Equal(["warning t-1 Patient"], Rule("Patient", "name.exists()", "warning", """{"resourceType":"Patient","active":true}"""));

    [Fact]
    public void Is_asked_of_each_repetition() => Assert.Equal(["error t-1 Patient.name[1]"],
        Rule("Patient.name", "family.exists()", "error", """{"resourceType":"Patient","name":[{"family":"a"},{"text":"b"}]}"""));

    [Fact]
    public void Stated_on_what_is_contained_it_speaks_of_the_container() =>
        Assert.Empty(Rule("Patient.contained", "%resource is Patient and $this is Organization", "error",
        """{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o","name":"x"}],"managingOrganization":{"reference":"#o"}}"""));

    [Fact]
    public void May_ask_a_value_set_of_the_package() => Assert.Equal(["t-1 Patient.maritalStatus"], Check.Profile("Patient",
        """{"path":"Patient.maritalStatus","constraint":[{"key":"t-1","severity":"error","human":"x","expression":"memberOf('http://test.example/vs')"}]}""",
        """{"resourceType":"Patient","maritalStatus":{"coding":[{"system":"s:a","code":"2"}]}}""",
        """{"resourceType":"ValueSet","url":"http://test.example/vs","status":"active","compose":{"include":[{"system":"s:a","concept":[{"code":"1"}]}]}}""").Errors());

    private static string[] Rule(string path, string expression, string severity, string json) => Check.Profile("Patient",
        $$"""{"path":"{{path}}","constraint":[{"key":"t-1","severity":"{{severity}}","human":"a rule","expression":"{{expression}}"}]}""",
            json).Lines();
}
