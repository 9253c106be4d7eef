using System.Text.Json;

namespace FhirCarePlan.Server.Guide;

/// <summary>One thing the field asks for.</summary>
/// <param name="Weight">`A`, `B`, `C` or `Gap`: for people or policy, not for software.</param>
/// <param name="By">What carries it outside of the profiles: a rule across resources, the sharing protocol, the server. Null when the profiles name it themselves.</param>
/// <param name="LeftOut">What of it nothing carries, or why nothing does.</param>
/// <param name="ShownBy">The tests over HTTP that show it, `Class.Method`. None: then nothing is claimed.</param>
public sealed record Requirement(string Id, string Asks, string Weight, string? By, string? LeftOut, IReadOnlyList<string> ShownBy);

public sealed record RequirementChapter(string Name, IReadOnlyList<Requirement> Requirements);

/// <summary>The requirements behind the guide, from `profiles/guide/requirements.json`.</summary>
/// <param name="Chapters">None when the file is not with the profiles.</param>
public sealed record RequirementList(IReadOnlyList<RequirementChapter> Chapters)
{
    public static RequirementList Read(string profiles)
    {
        var file = Path.Combine(profiles, "guide", "requirements.json");
        if (!File.Exists(file)) return new([]);
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        return new([.. json.RootElement.EnumerateArray().Select(c => new RequirementChapter(c.GetProperty("chapter").GetString()!,
            [.. c.GetProperty("requirements").EnumerateArray().Select(Read)]))]);
    }

    private static Requirement Read(JsonElement row)
    {
        string? Text(string name) => row.TryGetProperty(name, out var value) ? value.GetString() : null;
        return new(Text("id")!, Text("asks")!, Text("weight")!, Text("by"), Text("leftOut"),
            row.TryGetProperty("shownBy", out var tests) ? [.. tests.EnumerateArray().Select(t => t.GetString()!)] : []);
    }
}
