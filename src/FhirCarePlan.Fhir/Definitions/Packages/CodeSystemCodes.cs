using System.Text;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Definitions.Packages;

/// <summary>The codes a code system enumerates, with its is-a hierarchy. https://hl7.org/fhir/R4/codesystem.html</summary>
public sealed class CodeSystemCodes
{
    private readonly Dictionary<string, List<string>> parents;
    private readonly List<string> codes = [];
    private Utf8Table<bool>? utf8;

    private CodeSystemCodes(string url, bool isComplete, StringComparer comparer) =>
        (Url, IsComplete, parents) = (url, isComplete, new Dictionary<string, List<string>>(comparer));

    public string Url { get; }
    /// <summary>False when there may be codes that are not listed.</summary>
    public bool IsComplete { get; }
    public IReadOnlyList<string> Codes => codes;

    public static CodeSystemCodes None(string url) => new(url, false, StringComparer.Ordinal);

    public static CodeSystemCodes Read(Node root)
    {
        var system = new CodeSystemCodes(root.TextOf("url") ?? "", root.TextOf("content") == "complete",
            root.TextOf("caseSensitive") == "false" ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (var concept in root.All("concept")) system.Add(concept, null);
        return system;
    }

    /// <summary>Null when the code is not listed and the list is not complete.</summary>
    public bool? Contains(string code) => parents.ContainsKey(code) ? true : IsComplete ? false : null;

    public bool? Contains(ReadOnlySpan<byte> code)
    {
        if (parents.Comparer != StringComparer.Ordinal) return Contains(Encoding.UTF8.GetString(code));
        utf8 ??= new Utf8Table<bool>(codes.Select(c => KeyValuePair.Create(c, true)));
        return utf8.TryGet(code, out _) ? true : IsComplete ? false : null;
    }

    /// <summary>True when the code lies below the ancestor; null when that cannot be told.</summary>
    public bool? IsBelow(string code, string ancestor)
    {
        if (!parents.TryGetValue(code, out var above)) return IsComplete ? false : null;
        foreach (var parent in above)
            if (parents.Comparer.Equals(parent, ancestor) || IsBelow(parent, ancestor) == true) return true;
        return IsComplete ? false : null;
    }

    private void Add(Node concept, string? parent)
    {
        if (concept.TextOf("code") is not { } code) return;
        if (!parents.TryGetValue(code, out var above))
        {
            parents[code] = above = [];
            codes.Add(code);
        }
        if (parent != null) above.Add(parent);
        foreach (var child in concept.All("concept")) Add(child, code);
    }
}
