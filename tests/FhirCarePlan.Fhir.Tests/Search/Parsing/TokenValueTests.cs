using FhirCarePlan.Fhir.Search.Parsing;

namespace FhirCarePlan.Fhir.Tests.Search.Parsing;

public sealed class TokenValueTests
{
    [Theory]
    [InlineData("Code", null, "code")]
    [InlineData("http://A.example|Code", "http://A.example", "code")]
    [InlineData("|code", "", "code")]
    [InlineData("http://a.example|", "http://a.example", null)]
    [InlineData(@"a\|b|c\,d", "a|b", "c,d")]
    public void Reads(string text, string? system, string? code)
    {
        var value = TokenValue.Read(text)!;
        Assert.Equal((system, code), (value.System, value.Value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("|")]
    [InlineData("a|b|c")]
    public void Refuses(string text) => Assert.Null(TokenValue.Read(text));

    /// <summary>A `code` has no system in the resource; R4 lets it be searched with the one its value set implies.</summary>
    [Theory]
    [InlineData("Patient", "gender", "http://hl7.org/fhir/administrative-gender|male", true)]
    [InlineData("Patient", "gender", "http://hl7.org/fhir/administrative-gender|dragon", false)]
    [InlineData("Patient", "gender", "http://a.example|male", false)]
    [InlineData("CarePlan", "status", "http://hl7.org/fhir/request-status|active", true)]
    [InlineData("Condition", "clinical-status", "http://terminology.hl7.org/CodeSystem/condition-clinical|active", false)] // has codings
    public void An_implied_system_is_taken_off(string type, string code, string text, bool isImplied) =>
        Assert.Equal(isImplied, TokenValue.Read(text, Given.Parameters.Find(type, code)!)!.System is null);
}
