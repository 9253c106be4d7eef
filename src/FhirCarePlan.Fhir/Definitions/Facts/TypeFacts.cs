using System.Text.Json;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Definitions.Facts;

/// <summary>One line for each type: its own elements (a backbone element holds its children) and its own rules, without those of the base
/// type. https://hl7.org/fhir/R4/structuredefinition.html</summary>
internal sealed class TypeFacts
{
    private readonly Dictionary<string, ElementFacts> roots = [];
    private readonly Dictionary<string, List<JsonElement>> profileRules;

    private TypeFacts(List<JsonElement> types, IEnumerable<JsonElement> quantityProfiles)
    {
        profileRules = quantityProfiles.ToDictionary(d => d.Text("url")!,
            d => ElementFacts.OwnRules(d.GetProperty("snapshot").GetProperty("element")[0]).ToList());
        foreach (var type in types) roots[type.Text("type")!] = ElementFacts.Tree(type, this);
    }

    public static void Write(List<JsonElement> definitions, FactLines lines)
    {
        var types = definitions.Where(d => d.Text("derivation") != "constraint" && d.Text("kind") != "logical")
            .OrderBy(d => d.Text("kind"), StringComparer.Ordinal).ThenBy(d => d.Text("type"), StringComparer.Ordinal).ToList();
        var facts = new TypeFacts(types, definitions.Where(d => d.Text("derivation") == "constraint" && d.Text("type") == "Quantity"));
        foreach (var type in types) lines.Add(json => facts.Write(json, type));
    }

    /// <summary>Rules of `SimpleQuantity`: a profile that elements name as their type.</summary>
    public IReadOnlyList<JsonElement> RulesOf(string profile) => profileRules[profile];

    /// <summary>The elements that <paramref name="element"/> adds to its base type or says otherwise.</summary>
    public IEnumerable<ElementFacts> Own(ElementFacts element, string? baseName) =>
        baseName == null ? element.Children
        : element.Children.Where(e => !roots[baseName].Children.Any(inherited => inherited.Name == e.Name && inherited.SaysTheSameAs(e)));

    private void Write(Utf8JsonWriter json, JsonElement type)
    {
        var name = type.Text("type")!;
        var baseName = type.Text("baseDefinition") is { } address ? Reference.LastPart(address) : null;
        json.WriteStartObject();
        json.WriteString(type.Text("kind") switch { "resource" => "resource", "primitive-type" => "primitive", _ => "complex" }, name);
        if (type.True("abstract")) json.WriteBoolean("abstract", true);
        if (baseName != null) json.WriteString("base", baseName);
        roots[name].WriteRules(json);
        ElementFacts.WriteAll(json, Own(roots[name], baseName));
        json.WriteEndObject();
    }
}
