using System.Text.Json;

namespace FhirCarePlan.Server.Guide.Suppliers;

/// <param name="Key">`cardinality`: the code in `issue.details`.</param>
public sealed record IssueText(string Key, string Found, string Fix);

/// <summary>What the keys of issues mean, from `profiles/guide/issues.json`.</summary>
/// <param name="All">None when the file is not with the profiles.</param>
public sealed record IssueTexts(IReadOnlyList<IssueText> All)
{
    public static IssueTexts Read(string profiles)
    {
        var file = Path.Combine(profiles, "guide", "issues.json");
        if (!File.Exists(file)) return new([]);
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        return new([.. json.RootElement.EnumerateArray().Select(r => new IssueText(Text(r, "key"), Text(r, "found"), Text(r, "fix"))).OrderBy(i => i.Key, StringComparer.Ordinal)]);
    }

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;
}
