namespace FhirCarePlan.Fhir.Tests.Search.Indexing;

public sealed class TokenRowsTests
{
    private static string Condition(string code) => $$"""{"resourceType":"Condition","subject":{"reference":"Patient/1"},"code":{{code}}}""";

    [Theory]
    [InlineData("""{"coding":[{"system":"http://snomed.info/sct","code":"F20","display":"Bétâ, gamma"}]}""", "http://snomed.info/sct|f20|beta gamma")]
    [InlineData("""{"coding":[{"code":"A"},{"system":"http://a.example"}],"text":"The Text"}""", "|a| http://a.example|| ||the text")]
    [InlineData("""{"coding":[{"display":"Only shown"}]}""", "||only shown")]
    [InlineData("""{"coding":[{"version":"1"}]}""", "")]
    public void A_concept_gives_each_coding_and_its_text(string code, string expected) =>
        Assert.Equal(expected, string.Join(' ', Given.Rows(Condition(code), "code").Select(r => $"{r.System}|{r.Value}|{r.Text}")));

    [Fact]
    public void A_row_carries_the_node_it_came_from()
    {
        using var document = Given.Document(Condition("""{"coding":[{"code":"a"},{"code":"b"}],"text":"T"}"""));
        var rows = Given.Extractor.Extract(document).FindAll(r => r.Parameter.Code == "code");
        Assert.Equal(["Condition.code.coding[0]", "Condition.code.coding[1]", "Condition.code.text"], rows.Select(r => document[r.Node].Location));
    }

    [Theory]
    [InlineData("Patient?identifier=https://fhir.nhs.uk/Id/nhs-number%7C9000000009", true)]
    [InlineData("Patient?identifier=9000000009", true)]
    [InlineData("Patient?identifier=%7C9000000009", false)]
    [InlineData("Patient?identifier=%7Cx9", true)]
    [InlineData("Patient?identifier=https://fhir.nhs.uk/Id/nhs-number%7C", true)]
    [InlineData("Patient?identifier:text=nhs", true)]
    [InlineData("Patient?identifier:text=umber", false)]
    [InlineData("Patient?phone=555%20123", true)]
    [InlineData("Patient?telecom=phone%7C555%20123", true)]
    [InlineData("Patient?email=555%20123", false)]
    [InlineData("Patient?active=true", true)]
    [InlineData("Patient?active=false", false)]
    [InlineData("Patient?active:not=false", true)]
    [InlineData("Patient?gender=male", true)]
    [InlineData("Patient?gender=MALE", true)]
    [InlineData("Patient?gender=http://hl7.org/fhir/administrative-gender%7Cmale", true)]
    [InlineData("Patient?gender=http://hl7.org/fhir/other%7Cmale", false)]
    [InlineData("Patient?gender=http://hl7.org/fhir/administrative-gender%7C", true)]
    [InlineData("Patient?gender=http://hl7.org/fhir/other%7C", false)]
    [InlineData("Patient?gender:not=http://hl7.org/fhir/administrative-gender%7C", false)]
    [InlineData("Patient?identifier=http://only.example%7C", true)]
    [InlineData("Patient?identifier:not=http://only.example%7C", false)]
    [InlineData("Patient?identifier=http://none.example%7C", false)]
    [InlineData("Patient?gender=female,male", true)]
    [InlineData("Patient?gender:not=female,male", false)]
    [InlineData("Patient?gender:missing=false", true)]
    [InlineData("Patient?language:missing=true", true)]
    [InlineData("Patient?language:not=de", true)]
    [InlineData("Patient?_tag=http://a.example%7Cx", true)]
    public void Matches(string url, bool isFound) => Assert.Equal(isFound, Given.Finds(url, """
        {"resourceType":"Patient","meta":{"tag":[{"system":"http://a.example","code":"X"}]},
         "identifier":[{"type":{"text":"NHS number"},"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9000000009"},{"value":"X9"},{"system":"http://only.example"}],
         "active":true,"gender":"male","telecom":[{"system":"phone","value":"555 123"}]}
        """));
}
