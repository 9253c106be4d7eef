using System.Text;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Definitions.Packages;

/// <summary>The codes a code system enumerates, with its is-a hierarchy and their properties.
/// https://hl7.org/fhir/R4/codesystem.html</summary>
public sealed class CodeSystemCodes : ICodes
{
    private readonly Dictionary<string, Concept> concepts;
    private readonly List<string> codes = [];
    private readonly HashSet<string> declared = new(["parent", "display", "definition", "code", "concept"], StringComparer.Ordinal);
    private Utf8Table<bool>? utf8;

    private CodeSystemCodes(string url, string? content, StringComparer comparer) =>
        (Url, Content, concepts) = (url, content, new Dictionary<string, Concept>(comparer));

    public string Url { get; }
    private string? Content { get; }
    /// <summary>False when there may be codes that are not listed.</summary>
    public bool IsComplete => Content == "complete";
    /// <summary>True for a code system that adds designations and properties to another one's codes.
    /// https://hl7.org/fhir/R4/codesystem.html#supplements</summary>
    public bool IsSupplement => Content == "supplement";
    public IReadOnlyList<string> Codes => codes;

    string ICodes.Canonical => Url;
    IReadOnlyList<string> ICodes.Some => [.. codes.Take(8)];

    public static CodeSystemCodes None(string url) => new(url, null, StringComparer.Ordinal);

    public static CodeSystemCodes Read(Node root)
    {
        var system = new CodeSystemCodes(root.TextOf("url") ?? "", root.TextOf("content"),
            root.TextOf("caseSensitive") == "false" ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (var property in root.All("property"))
            if (property.TextOf("code") is { } code) system.declared.Add(code);
        foreach (var concept in root.All("concept")) system.Add(concept, null);
        system.AddParents();
        return system;
    }

    /// <summary>Null when the code is not listed and the list is not complete.</summary>
    public bool? Contains(string code) => concepts.ContainsKey(code) ? true : IsComplete ? false : null;

    public bool? Contains(ReadOnlySpan<byte> code)
    {
        if (concepts.Comparer != StringComparer.Ordinal) return Contains(Encoding.UTF8.GetString(code));
        utf8 ??= new Utf8Table<bool>(codes.Select(c => KeyValuePair.Create(c, true)));
        return utf8.TryGet(code, out _) ? true : IsComplete ? false : null;
    }

    bool? ICodes.Contains(string? system, string code) => Contains(code);
    bool? ICodes.Contains(ReadOnlySpan<byte> system, ReadOnlySpan<byte> code) => Contains(code);

    /// <summary>True when the code is below the ancestor; null when that is unknown.</summary>
    public bool? IsBelow(string code, string ancestor)
    {
        if (!concepts.TryGetValue(code, out var concept)) return IsComplete ? false : null;
        return concept.IsBelow(ancestor, concepts, 0) ? true : IsComplete ? false : null;
    }

    /// <summary>False for a property that the code system does not know.</summary>
    public bool Declares(string property) => declared.Contains(property);

    /// <summary>A code's values for a property: `parent`, `inactive`, or one that the code system defines; empty when it has
    /// none.</summary>
    public IReadOnlyList<string> Values(string code, string property)
    {
        if (!concepts.TryGetValue(code, out var concept)) return [];
        if (property is "concept" or "code") return [code];
        if (property == "parent") return concept.Parents;
        var values = new List<string>();
        if (property is "display" or "definition" && concept.Source.TextOf(property) is { } text) values.Add(text);
        foreach (var stated in concept.Source.All("property"))
            if (stated.TextOf("code") == property && stated["value"] is { IsMissing: false } value)
                values.Add(value.Text ?? $"{value.TextOf("system")}#{value.TextOf("code")}");
        return values;
    }

    private void Add(Node source, string? parent)
    {
        if (source.TextOf("code") is not { } code) return;
        if (!concepts.TryGetValue(code, out var concept))
        {
            concepts[code] = concept = new Concept(source, []);
            codes.Add(code);
        }
        if (parent != null) concept.Parents.Add(parent);
        foreach (var child in source.All("concept")) Add(child, code);
    }

    /// <summary>The hierarchy may also be stated by the properties `parent` and `child`.</summary>
    private void AddParents()
    {
        foreach (var (code, concept) in concepts)
            foreach (var property in concept.Source.All("property"))
                if (property["value"].Text is { } other)
                    if (property.TextOf("code") == "parent") concept.Parents.Add(other);
                    else if (property.TextOf("code") == "child" && concepts.TryGetValue(other, out var child)) child.Parents.Add(code);
    }

    private sealed record Concept(Node Source, List<string> Parents)
    {
        public bool IsBelow(string ancestor, Dictionary<string, Concept> all, int depth)
        {
            if (depth > 100) return false; // a circle
            foreach (var parent in Parents)
                if (all.Comparer.Equals(parent, ancestor)
                    || (all.TryGetValue(parent, out var above) && above.IsBelow(ancestor, all, depth + 1))) return true;
            return false;
        }
    }
}
