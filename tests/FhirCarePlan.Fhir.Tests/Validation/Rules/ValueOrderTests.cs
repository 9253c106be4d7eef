namespace FhirCarePlan.Fhir.Tests.Validation.Rules;

public class ValueOrderTests
{
    [Theory]
    [InlineData("2024-01-01", "2024-01-02", true)]
    [InlineData("2024-01-02", "2024-01-01", false)]
    [InlineData("2024-01-01", "2024-01-01", true)]
    [InlineData("2024-01-01T10:00:00Z", "2024-01-01T09:00:00Z", false)]
    [InlineData("2024-01-01T10:00:00+01:00", "2024-01-01T10:00:00+01:00", true)]
    [InlineData("2024-01-01T10:00:00.5Z", "2024-01-01T10:00:00.7Z", true)]
    [InlineData("2024-01-01T10:00:00+02:00", "2024-01-01T09:00:00Z", true)]
    [InlineData("2024-01-01", "2024-01-01T09:00:00Z", false)] // which comes first cannot be told
    [InlineData("2024-01", "2024-02-01T09:00:00Z", true)]
    public void A_period_shows_that_it_starts_before_it_ends(string start, string end, bool valid) =>
        Assert.Equal(valid ? [] : ["per-1 Patient.identifier[0].period"],
        Check.Base($$$"""{"resourceType":"Patient","identifier":[{"value":"x","period":{"start":"{{{start}}}","end":"{{{end}}}"}}]}""")
            .Errors());
}
