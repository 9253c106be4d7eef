using System.Buffers;
using System.Text.Json;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Definitions.Facts;

/// <summary>What one ElementDefinition of a snapshot says, without prose, and its children.
/// https://hl7.org/fhir/R4/elementdefinition.html</summary>
internal sealed class ElementFacts(JsonElement definition, TypeFacts types)
{
    private const string FhirPathTypes = "http://hl7.org/fhirpath/System.";
    private const string FhirType = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type";

    public string Path { get; } = definition.Text("path")!;
    public string Name => Path[(Path.LastIndexOf('.') + 1)..] is var last && IsChoice ? last[..^3] : last;
    public bool IsChoice => Path.EndsWith("[x]", StringComparison.Ordinal);
    private bool IsAttribute => definition.Texts("representation").Contains("xmlAttr");
    public List<ElementFacts> Children { get; } = [];

    /// <summary>The root element of a type with its descendants. A primitive's `value` does not count as an element.</summary>
    public static ElementFacts Tree(JsonElement type, TypeFacts types)
    {
        var byPath = new Dictionary<string, ElementFacts>();
        ElementFacts? root = null;
        foreach (var definition in type.GetProperty("snapshot").Items("element"))
        {
            var element = new ElementFacts(definition, types);
            if (root == null) root = element;
            else if (type.Text("kind") == "primitive-type" && element.Name == "value") continue;
            else byPath[element.Path[..element.Path.LastIndexOf('.')]].Children.Add(element);
            byPath[element.Path] = element;
        }
        return root!;
    }

    /// <summary>Constraints stated here: the snapshot repeats those of the element's type, with their source.</summary>
    public static IEnumerable<JsonElement> OwnRules(JsonElement definition) =>
        definition.Items("constraint").Where(c => c.Text("source") == null);

    public bool SaysTheSameAs(ElementFacts other) => Bytes().AsSpan().SequenceEqual(other.Bytes());

    public static void WriteAll(Utf8JsonWriter json, IEnumerable<ElementFacts> elements)
    {
        json.WriteStartArray("elements");
        foreach (var element in elements) element.Write(json);
        json.WriteEndArray();
    }

    public void WriteRules(Utf8JsonWriter json)
    {
        var rules = OwnRules(definition).Select(c => (Json: c, Guard: "")).ToList();
        foreach (var type in definition.Items("type"))
            foreach (var profile in type.Texts("profile"))
                // A rule of SimpleQuantity speaks of the quantity; beside other types of a choice it must not be asked of those.
                rules.AddRange(types.RulesOf(profile).Select(c => (c, IsChoice ? "$this is Quantity implies " : "")));
        if (rules.Count == 0) return;
        json.WriteStartArray("rules");
        foreach (var (rule, guard) in rules)
        {
            json.WriteStartArray();
            json.WriteStringValue(rule.Text("key"));
            json.WriteStringValue(rule.Text("severity"));
            json.WriteStringValue(guard + rule.Text("expression"));
            json.WriteStringValue(InOneLine(rule.Text("human")));
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    private static string InOneLine(string? words) =>
        string.Join(' ', (words ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name", Name);
        if (definition.GetProperty("min").GetInt32() is var min and > 0) json.WriteNumber("min", min);
        if (definition.Text("max") is var max and not "1") json.WriteString("max", max);
        if (definition.True("isModifier")) json.WriteBoolean("modifier", true);
        if (definition.True("isSummary")) json.WriteBoolean("summary", true);
        if (IsAttribute) json.WriteBoolean("attribute", true);
        if (definition.TryGetProperty("binding", out var binding))
        {
            json.WriteStartArray("binding");
            json.WriteStringValue(binding.Text("strength"));
            json.WriteStringValue(binding.Text("valueSet") ?? "");
            json.WriteEndArray();
        }
        WriteRules(json);
        var typeNames = Types().ToList();
        if (Children.Count > 0)
        {
            json.WriteString("backbone", typeNames.Single());
            WriteAll(json, types.Own(this, typeNames.Single()));
        }
        else if (IsChoice)
        {
            json.WriteStartArray("choice");
            foreach (var type in typeNames) json.WriteStringValue(type);
            json.WriteEndArray();
        }
        else json.WriteString("type", typeNames.Single());
        json.WriteEndObject();
    }

    /// <summary>`CodeableConcept`, `Reference(Patient|Group)`, or the path of the backbone element that a contentReference names.</summary>
    private IEnumerable<string> Types()
    {
        if (definition.Text("contentReference") is { } reference) yield return reference[1..];
        foreach (var type in definition.Items("type"))
        {
            var targets = string.Join('|', type.Texts("targetProfile").Select(Reference.LastPart));
            yield return targets.Length == 0 ? TypeName(type) : $"{TypeName(type)}({targets})";
        }
    }

    /// <summary>`id` and `Extension.url` are given as FHIRPath's own String, with the FHIR type in an extension (missing on `xhtml.id`).
    /// The published extension says `string` for a resource's id, its page says `id`:
    /// https://hl7.org/fhir/R4/resource-definitions.html#Resource.id</summary>
    private string TypeName(JsonElement type)
    {
        if (!type.Text("code")!.StartsWith(FhirPathTypes, StringComparison.Ordinal)) return type.Text("code")!;
        if (Name == "id" && !IsAttribute) return "id";
        var given = type.Items("extension").FirstOrDefault(e => e.Text("url") == FhirType);
        return given.ValueKind == JsonValueKind.Object ? given.Text("valueUrl")! : "string";
    }

    private byte[] Bytes()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) Write(json);
        return buffer.WrittenSpan.ToArray();
    }
}
