using System.Text.Json;

namespace FhirCarePlan.Fhir.Definitions.Facts;

/// <summary>A code system of R4 with its is-a hierarchy: nested concepts, and further children by the property `child`.
/// https://hl7.org/fhir/R4/codesystem.html</summary>
internal sealed class CodeSystemFacts
{
    private readonly Dictionary<string, List<string>> children = [];

    public CodeSystemFacts(JsonElement definition)
    {
        Url = definition.Text("url")!;
        Name = definition.Text("name") ?? "";
        Version = definition.Text("version") ?? "";
        IsCaseSensitive = definition.True("caseSensitive") || !definition.TryGetProperty("caseSensitive", out _);
        IsComplete = definition.Text("content") == "complete";
        foreach (var concept in definition.Items("concept")) Read(concept);
    }

    public string Url { get; }
    public string Name { get; }
    public string Version { get; }
    public bool IsCaseSensitive { get; }
    /// <summary>False for an example or a fragment: there may be more codes than listed.</summary>
    public bool IsComplete { get; }
    /// <summary>In definition order, a parent before its children; without <see cref="Abstract"/>.</summary>
    public List<string> Codes { get; } = [];
    /// <summary>Codes that only group others: instances do not carry them and expansions do not list them.
    /// https://hl7.org/fhir/R4/codesystem-concept-properties.html</summary>
    public List<string> Abstract { get; } = [];

    /// <summary>All codes, abstract ones among them, in definition order.</summary>
    public List<(string Code, string Display, bool IsAbstract)> Concepts { get; } = [];

    public IEnumerable<string> Parents(string code) => children.Where(c => c.Key != code && c.Value.Contains(code)).Select(c => c.Key);

    public IEnumerable<string> Descendants(string code)
    {
        var found = new HashSet<string>();
        var next = new Stack<string>([code]);
        while (next.TryPop(out var parent))
            foreach (var child in children.GetValueOrDefault(parent, []))
                if (child != code && found.Add(child)) next.Push(child);
        return Codes.Where(found.Contains);
    }

    private void Read(JsonElement concept)
    {
        var code = concept.Text("code")!;
        var isAbstract = concept.Items("property").Any(p => p.Text("code") == "notSelectable" && p.True("valueBoolean"));
        (isAbstract ? Abstract : Codes).Add(code);
        Concepts.Add((code, concept.Text("display") ?? "", isAbstract));
        var below = concept.Items("property").Where(p => p.Text("code") == "child").Select(p => p.Text("valueCode")!)
            .Concat(concept.Items("concept").Select(c => c.Text("code")!)).ToList();
        if (below.Count > 0) children[code] = below;
        foreach (var child in concept.Items("concept")) Read(child);
    }
}
