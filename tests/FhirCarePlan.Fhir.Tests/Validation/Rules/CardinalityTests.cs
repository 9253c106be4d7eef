namespace FhirCarePlan.Fhir.Tests.Validation.Rules;

public class CardinalityTests
{
    [Theory]
    [InlineData("""{"resourceType":"Communication"}""", "cardinality Communication")]
    [InlineData("""{"resourceType":"Communication","status":"completed"}""")]
    [InlineData("""{"resourceType":"Communication","status":"completed","payload":[{"id":"a","contentString":"x"},{"id":"b"}]}""",
        "ele-1 Communication.payload[1]", "cardinality Communication.payload[1]")]
    public void Base_asks_for_what_must_be_there(string json, params string[] errors) =>
        Assert.Equal(errors, Check.Base(json).Errors());

    [Fact]
    public void A_choice_is_made_once() =>
        Assert.Equal(["cardinality Communication.payload[0]"], Check.Base(
            """{"resourceType":"Communication","status":"completed","payload":[{"contentString":"x","contentReference":{"display":"y"}}]}""").Errors());

    [Theory]
    [InlineData("""{"path":"Patient.name","min":1,"max":"2"}""", "", "cardinality Patient")]
    [InlineData("""{"path":"Patient.name","min":1,"max":"2"}""", ""","name":[{"text":"a"},{"text":"b"}]""")]
    [InlineData("""{"path":"Patient.name","min":1,"max":"2"}""", ""","name":[{"text":"a"},{"text":"b"},{"text":"c"}]""",
        "cardinality Patient")]
    [InlineData("""{"path":"Patient.name","max":"0"}""", ""","name":[{"text":"a"}]""", "cardinality Patient")]
    [InlineData("""{"path":"Patient.name.family","min":1}""", ""","name":[{"text":"a"},{"family":"b"}]""", "cardinality Patient.name[0]")]
    [InlineData("""{"path":"Patient.contact.name.family","min":1}""", ""","contact":[{"name":{"text":"a"}}]""",
        "cardinality Patient.contact[0].name")]
    public void A_profile_narrows_it(string elements, string properties, params string[] errors) =>
        Assert.Equal(errors, Check.Profile("Patient", elements, $$"""{"resourceType":"Patient"{{properties}}}""").Errors());

    [Fact]
    public void Says_what_was_found_and_what_is_allowed()
    {
        var issue = Check.Profile("Patient", """{"path":"Patient.name","min":1,"max":"1"}""", """{"resourceType":"Patient"}""")
            .Issues.Single(i => i.IsError);
        Assert.Equal("`name` occurs 0 times; it must occur 1..1", issue.Text);
        Assert.Equal("http://test.example/StructureDefinition/test", issue.Profile);
    }
}
