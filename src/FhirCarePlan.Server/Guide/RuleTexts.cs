using System.Text.Json;

namespace FhirCarePlan.Server.Guide;

/// <param name="Says">What the rule asks, in the field's words.</param>
/// <param name="Fix">What the writer does about it.</param>
/// <param name="Because">The requirements behind it: `M15, M33`.</param>
public sealed record RuleText(string Id, string Says, string Fix, string Because, string On);

/// <summary>What the rules ask, from `profiles/guide/rules.json`.</summary>
/// <param name="All">None when the file is not with the profiles.</param>
public sealed record RuleTexts(IReadOnlyList<RuleText> All)
{
    public static RuleTexts Read(string profiles)
    {
        var file = Path.Combine(profiles, "guide", "rules.json");
        if (!File.Exists(file)) return new([]);
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        return new([.. json.RootElement.EnumerateArray()
            .Select(r => new RuleText(Text(r, "id"), Text(r, "says"), Text(r, "fix"), Text(r, "because"), Text(r, "on")))]);
    }

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;
}
