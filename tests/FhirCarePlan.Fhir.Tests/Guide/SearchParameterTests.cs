using System.Text.Json;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Fhir.Tests.Validation;

namespace FhirCarePlan.Fhir.Tests.Guide;

/// <summary>What the package's own search parameters find in the samples.</summary>
public class SearchParameterTests
{
    private static readonly SearchParameters Parameters = new(Published());
    private static readonly IndexExtractor Extractor = new(Parameters, TimeZoneInfo.Utc, Check.Clock);

    [Fact]
    public void All_of_them_can_be_used() => Assert.Empty(Parameters.Refused);

    [Theory]
    [InlineData("CarePlan-robin-plan", "care-coordinator", "PractitionerRole/care-coordinator")]
    [InlineData("CarePlan-robin-plan", "next-review", "2026-05-11")]
    [InlineData("CarePlan-robin-plan", "has-crisis-plan", "applies true")]
    [InlineData("CarePlan-robin-plan", "level", "")]
    [InlineData("CarePlan-robin-plan", "agency", "Organization/harbour-homes Organization/meadow-practice Organization/rivelin-council Organization/rivelin-trust")]
    [InlineData("CarePlan-robin-housing-plan", "has-crisis-plan", "")]
    [InlineData("CarePlan-robin-crisis-plan", "has-crisis-plan", "")]
    [InlineData("CareTeam-robin-team", "care-coordinator", "PractitionerRole/care-coordinator")]
    [InlineData("CareTeam-robin-team", "agreement", "agreed")]
    [InlineData("CareTeam-sky-team", "role-current", "care-coordinator crisis-service gp patient psychiatrist")]
    [InlineData("CareTeam-sky-team", "agency", "Organization/meadow-practice Organization/rivelin-crisis-team Organization/rivelin-trust")]
    [InlineData("Condition-robin-need-accommodation", "need-domain", "accommodation")]
    [InlineData("Condition-robin-need-accommodation", "need-status", "partly-met")]
    [InlineData("Condition-robin-need-accommodation", "cpa-role", "need")]
    [InlineData("Condition-robin-alcohol", "cpa-role", "substance-misuse")]
    [InlineData("Condition-robin-alcohol", "need-domain", "")]
    [InlineData("Consent-sky-consent-sharing", "basis", "consent-given")]
    [InlineData("Consent-sky-consent-sharing", "recipient", "Organization/meadow-practice")]
    [InlineData("Consent-sky-consent-sharing", "protocol", "https://fhir.cpa.example/sharing/rivelin-mental-health|1.0.0")]
    [InlineData("Consent-sky-consent-sharing", "category-info", "care-plan-full care-plan-summary care-team contact crisis-plan demographics diagnosis medication physical-health")]
    public void Finds(string sample, string code, string expected) => Assert.Equal(expected, Values($"partnership/{sample}.json", code));

    [Theory]
    [InlineData("valid/CPA-CareTeam/former-coordinator.json", "care-coordinator", "PractitionerRole/care-coordinator")] // the former one has an end
    [InlineData("valid/CPA-CarePlan/standard-plan-of-2003.json", "level", "standard")]
    [InlineData("valid/CPA-Consent/permit-with-exception.json", "category-info", "accommodation care-plan-summary crisis-plan")]
    public void Finds_in_other_cases(string sample, string code, string expected) => Assert.Equal(expected, Values(sample, code));

    private static string Values(string sample, string code)
    {
        var report = new Report();
        using var document = JsonParser.Parse(File.ReadAllBytes(Path.Combine(SharedData.Repository, "samples", sample)), report)!;
        return string.Join(' ', Extractor.Extract(document).Where(row => row.Parameter.Code == code && row.Kind == row.Parameter.Type).Select(Text).Distinct().Order(StringComparer.Ordinal));
    }

    private static string Text(IndexEntry row) => row.Kind switch
    {
        SearchType.Reference => $"{row.System}/{row.Value}",
        SearchType.Date => new DateTime(row.Low).ToString("yyyy-MM-dd", null),
        _ => row.Value ?? "",
    };

    private static IEnumerable<SearchParameterFact> Published() => Check.Cpa.All("SearchParameter").Select(file =>
    {
        var json = JsonDocument.Parse(file.Utf8).RootElement;
        return new SearchParameterFact(json.GetProperty("url").GetString()!, json.GetProperty("code").GetString()!, json.GetProperty("type").GetString()!,
            Strings(json, "base"), json.GetProperty("expression").GetString()!, Strings(json, "target"));
    });

    private static string[] Strings(JsonElement json, string name) =>
        json.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(e => e.GetString()!)] : [];
}
