namespace FhirCarePlan.Fhir.Definitions.Facts;

/// <summary>Codes by system in the order they were met, and the systems whose other codes this server cannot decide (`*` for any
/// system).</summary>
internal sealed class CodeLists
{
    public const string AnySystem = "*";
    private readonly Dictionary<string, HashSet<string>> members = [];
    private readonly Dictionary<string, List<string>> ordered = [];

    public IEnumerable<(string System, List<string> Codes)> Lists => ordered.Where(l => l.Value.Count > 0).Select(l => (l.Key, l.Value));
    public SortedSet<string> Open { get; } = new(StringComparer.Ordinal);

    public void Add(string system, string code)
    {
        if (!members.TryGetValue(system, out var set)) (members[system], ordered[system]) = (set = [], []);
        if (set.Add(code)) ordered[system].Add(code);
    }

    public void Add(CodeLists other)
    {
        foreach (var (system, codes) in other.Lists)
            foreach (var code in codes) Add(system, code);
        Open.UnionWith(other.Open);
    }

    public bool Contains(string system, string code) => members.TryGetValue(system, out var set) && set.Contains(code);

    /// <summary>A code is in both only when both are sure of it; where either is open, so is the result.</summary>
    public static CodeLists Both(CodeLists one, CodeLists other)
    {
        var both = new CodeLists();
        foreach (var (system, codes) in one.Lists)
            foreach (var code in codes.Where(c => other.Contains(system, c))) both.Add(system, code);
        both.Open.UnionWith(one.Open);
        both.Open.UnionWith(other.Open);
        return both;
    }

    /// <summary>Without the codes of <paramref name="excluded"/>; where that is open, codes become undecided.</summary>
    public CodeLists Without(CodeLists excluded)
    {
        var rest = new CodeLists();
        foreach (var (system, codes) in Lists)
            if (excluded.Open.Contains(system) || excluded.Open.Contains(AnySystem)) rest.Open.Add(system);
            else
                foreach (var code in codes.Where(c => !excluded.Contains(system, c))) rest.Add(system, code);
        rest.Open.UnionWith(Open);
        return rest;
    }
}
