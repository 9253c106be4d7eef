using System.Text.Json;

namespace FhirCarePlan.Fhir.Tests.Validation.Suites;

/// <summary>Cases of a suite that come out otherwise than its authors say, by name, each with the reason; in `tests/cases`.</summary>
internal static class Known
{
    public static SortedDictionary<string, string> Read(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(SharedData.Repository, "tests", "cases", file)));
        return new(json.RootElement.EnumerateArray()
            .ToDictionary(e => e.GetProperty("name").GetString()!, e => e.GetProperty("why").GetString()!), StringComparer.Ordinal);
    }
}
