using System.Text.Json;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Definitions.Codes;

/// <summary>The concepts of one code system, in definition order. https://hl7.org/fhir/R4/codesystem.html</summary>
public sealed class ConceptTable
{
    private const int Deepest = 100;

    private readonly Dictionary<string, Concept> byCode;

    private ConceptTable(string url, string name, string version, bool isComplete, bool isCaseSensitive, List<Concept> concepts)
    {
        (Url, Name, Version, IsComplete, IsCaseSensitive) = (url, name, version, isComplete, isCaseSensitive);
        byCode = new(isCaseSensitive ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);
        foreach (var concept in concepts) byCode.TryAdd(concept.Code, concept);
        Concepts = [.. byCode.Values];
    }

    public string Url { get; }
    public string Name { get; }
    /// <summary>Empty when it has none.</summary>
    public string Version { get; }
    /// <summary>False when there may be codes that are not listed.</summary>
    public bool IsComplete { get; }
    public bool IsCaseSensitive { get; }
    public IReadOnlyList<Concept> Concepts { get; }

    public Concept? Find(string code) => byCode.GetValueOrDefault(code);

    /// <summary>True when the code is below the other; false when it is not, or is the same.</summary>
    public bool IsBelow(string code, string ancestor) => IsBelow(code, ancestor, 0);

    private bool IsBelow(string code, string ancestor, int depth)
    {
        if (depth > Deepest || Find(code) is not { } concept) return false; // deeper is a circle
        foreach (var parent in concept.Parents)
            if (byCode.Comparer.Equals(parent, ancestor) || IsBelow(parent, ancestor, depth + 1)) return true;
        return false;
    }

    /// <summary>R4's own; null when R4 lists no codes of the system.</summary>
    internal static ConceptTable? OfR4(string url)
    {
        if (!FactsFile.Lines(FactKind.Concepts).TryGetValue(url, out var line)) return null;
        using var facts = JsonDocument.Parse(line.Memory(0, line.Text.Length));
        var root = facts.RootElement;
        var list = root.GetProperty("list");
        var codes = list.EnumerateArray().Select(c => c[0].GetString()!).ToArray();
        var concepts = new List<Concept>(codes.Length);
        foreach (var entry in list.EnumerateArray())
        {
            var isAbstract = false;
            List<string>? parents = null;
            foreach (var part in entry.EnumerateArray().Skip(2))
                if (part.ValueKind == JsonValueKind.True) isAbstract = true;
                else (parents ??= []).Add(codes[part.GetInt32()]);
            concepts.Add(new Concept(codes[concepts.Count], entry[1].GetString()!, isAbstract, (IReadOnlyList<string>?)parents ?? []));
        }
        return new ConceptTable(url, root.GetProperty("name").GetString()!, root.GetProperty("version").GetString()!,
            !root.TryGetProperty("open", out _), !root.TryGetProperty("anyCase", out _), concepts);
    }

    /// <summary>Of a CodeSystem; its document must live as long as the result.</summary>
    public static ConceptTable Read(Node root)
    {
        var concepts = new List<Concept>();
        var parents = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var concept in root.All("concept")) Add(concept, null);
        return new ConceptTable(root.TextOf("url") ?? "", root.TextOf("name") ?? "", root.TextOf("version") ?? "",
            root.TextOf("content") == "complete", root.TextOf("caseSensitive") != "false",
            [.. concepts.Select(c => parents.TryGetValue(c.Code, out var above) ? c with { Parents = above } : c)]);

        void Add(Node source, string? parent)
        {
            if (source.TextOf("code") is not { } code) return;
            var isAbstract = false;
            if (parent != null) Above(code).Add(parent);
            foreach (var property in source.All("property"))
                switch (property.TextOf("code"))
                {
                    case "notSelectable" or "abstract": isAbstract |= property.TextOf("value") == "true"; break;
                    case "parent" or "subsumedBy": if (property.TextOf("value") is { } above) Above(code).Add(above); break;
                    case "child": if (property.TextOf("value") is { } below) Above(below).Add(code); break;
                }
            concepts.Add(new Concept(code, source.TextOf("display") ?? "", isAbstract, []) { Source = source });
            foreach (var child in source.All("concept")) Add(child, code);
        }

        List<string> Above(string code) => parents.TryGetValue(code, out var known) ? known : parents[code] = [];
    }
}
