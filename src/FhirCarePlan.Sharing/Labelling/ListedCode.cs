using System.Collections.Frozen;

namespace FhirCarePlan.Sharing.Labelling;

/// <summary>A code of the agreement's lists: of which system, and of which lists.</summary>
internal readonly record struct ListedCode(string System, Terminology? Terminology, long Lists)
{
    public string PlainSystem { get; } = Terminologies.Plain(System);

    /// <summary>The system itself, with a version, or an edition of it (`http://snomed.info/sct/999000011000000103`).</summary>
    public static bool IsSystem(string? system, string known) =>
        system is not null && system.StartsWith(known, StringComparison.OrdinalIgnoreCase)
        && (system.Length == known.Length || system[known.Length] is '/' or '|');

    public static void Add(Dictionary<string, List<ListedCode>> to, string code, ListedCode entry)
    {
        if (!to.TryGetValue(code, out var entries)) to[code] = entries = [];
        var at = entries.FindIndex(e => e.System == entry.System);
        if (at < 0) entries.Add(entry);
        else entries[at] = entries[at] with { Lists = entries[at].Lists | entry.Lists };
    }

    public static FrozenDictionary<string, ListedCode[]> Freeze(Dictionary<string, List<ListedCode>> entries)
    {
        var merged = new Dictionary<string, ListedCode[]>(StringComparer.OrdinalIgnoreCase);
        foreach (var (code, of) in entries) merged[code] = merged.TryGetValue(code, out var before) ? [.. before, .. of] : [.. of];
        return merged.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
