using System.Text.Json;
using FhirCarePlan.Fhir.FhirPath.Values;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Definitions.Profiles;

/// <summary>A snapshot as `{"element":[…]}`. Statements of profiles are repeated as written, nearest first; those of base R4 come from its
/// facts, with R4's address in place of its prose. https://hl7.org/fhir/R4/elementdefinition.html</summary>
public static class SnapshotJson
{
    private const string FhirType = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type";

    private static readonly string[] Order = [.. R4.Type("ElementDefinition")!.Elements.Select(e => e.Name)];

    public static void Write(Snapshot snapshot, Utf8JsonWriter json) => Write(snapshot.Walk(), null, json);

    /// <summary>A type of base R4, data types not walked into.</summary>
    public static void Write(TypeInfo type, Utf8JsonWriter json) =>
        Write(Snapshot.Walk(BaseSnapshot.Of(type)), type.IsPrimitive ? type : null, json);

    private static void Write(List<SnapshotElement> elements, TypeInfo? primitive, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartArray("element");
        foreach (var element in elements) WriteElement(element, json);
        if (primitive != null) WriteValue(primitive, json);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteElement(SnapshotElement element, Utf8JsonWriter json)
    {
        var definition = element.Definition;
        json.WriteStartObject();
        foreach (var name in Order)
            switch (name)
            {
                case "id": json.WriteString("id", definition.Id); break;
                case "path": json.WriteString("path", definition.Path); break;
                case "sliceName": if (definition.SliceName is { } slice) json.WriteString("sliceName", slice); break;
                case "slicing": WriteSlicing(definition, json); break;
                case "definition":
                    if (!PropertyCopy.WriteNearest(definition, name, json)) json.WriteString("definition",
                    $"As R4 defines it: {Address(element)}"); break;
                case "min": json.WriteNumber("min", definition.Min ?? 0); break;
                case "max": json.WriteString("max", Max(definition.Max ?? int.MaxValue)); break;
                case "base": WriteBase(element, json); break;
                case "contentReference":
                    if (definition.ContentReference is { } reference) json.WriteString("contentReference", reference); break;
                case "type": WriteTypes(element, json); break;
                case "constraint": WriteConstraints(element, json); break;
                case "mustSupport": if (definition.MustSupport is { } must) json.WriteBoolean("mustSupport", must); break;
                case "isModifier": if (definition.IsModifier is { } modifier) json.WriteBoolean("isModifier", modifier); break;
                case "isModifierReason":
                    if (!PropertyCopy.WriteNearest(definition, name, json) && definition.IsModifier == true)
                        json.WriteString("isModifierReason", $"As R4 says: {Address(element)}");
                    break;
                case "isSummary": if (definition.IsSummary is { } summary) json.WriteBoolean("isSummary", summary); break;
                case "binding": WriteBinding(definition, json); break;
                // A statement about one level of a profile does not hold for the levels below.
                case "extension" or "modifierExtension" or "sliceIsConstraining": PropertyCopy.Write(definition.Source, name, json); break;
                // Of the whole there is nothing of the kind (sdf-9).
                case "label" or "code" or "requirements" when element.RootType != null: break;
                default: PropertyCopy.WriteNearest(definition, name, json); break;
            }
        json.WriteEndObject();
    }

    /// <summary>The value of a primitive type, which the tree has not as an element but as the node itself.</summary>
    private static void WriteValue(TypeInfo primitive, Utf8JsonWriter json)
    {
        var kind = SystemValue.KindOf(primitive);
        json.WriteStartObject();
        json.WriteString("id", $"{primitive.Name}.value");
        json.WriteString("path", $"{primitive.Name}.value");
        json.WriteString("definition", $"As R4 defines it: http://hl7.org/fhir/R4/datatypes.html#{primitive.Name}");
        json.WriteNumber("min", 0);
        json.WriteString("max", "1");
        json.WriteStartObject("base");
        json.WriteString("path", $"{primitive.Name}.value");
        json.WriteNumber("min", 0);
        json.WriteString("max", "1");
        json.WriteEndObject();
        json.WriteStartArray("type");
        json.WriteStartObject();
        json.WriteString("code", $"http://hl7.org/fhirpath/System.{kind}");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteSlicing(ElementDefinition definition, Utf8JsonWriter json)
    {
        if (definition.Slicing is not { } slicing) return;
        json.WriteStartObject("slicing");
        if (slicing.Discriminators.Count > 0)
        {
            json.WriteStartArray("discriminator");
            foreach (var discriminator in slicing.Discriminators)
            {
                json.WriteStartObject();
                json.WriteString("type", discriminator.Type);
                json.WriteString("path", discriminator.Path);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        // Without discriminators the definition has to say how slices are told apart.
        if (definition.Source.IsMissing || !PropertyCopy.Write(definition.Source["slicing"], "description", json))
            if (slicing.Discriminators.Count == 0) json.WriteString("description", "Each slice says which elements belong to it");
        json.WriteBoolean("ordered", slicing.Ordered);
        json.WriteString("rules",
            slicing.Rules switch { SlicingRules.Closed => "closed", SlicingRules.OpenAtEnd => "openAtEnd", _ => "open" });
        json.WriteEndObject();
    }

    /// <summary>The element of the type that declares it first: `DomainResource.text`, `Element.id`.</summary>
    private static void WriteBase(SnapshotElement element, Utf8JsonWriter json)
    {
        var (path, min, max) = element.Info is { } info ? Declared(info) : (element.Definition.Path.Split('.')[0], 0, int.MaxValue);
        json.WriteStartObject("base");
        json.WriteString("path", path);
        json.WriteNumber("min", min);
        json.WriteString("max", Max(max));
        json.WriteEndObject();
    }

    private static (string Path, int Min, int Max) Declared(ElementInfo info)
    {
        var owner = info.Owner;
        while (owner.Base?.Element(info.Name) is { } inherited) (info, owner) = (inherited, owner.Base);
        return ($"{owner.Name}.{info.Name}{(info.IsChoice ? "[x]" : "")}", info.Min, info.Max);
    }

    private static void WriteTypes(SnapshotElement element, Utf8JsonWriter json)
    {
        if (element.Definition.Types.Count == 0 || WroteStatedTypes(element.Definition, json)) return;
        json.WriteStartArray("type");
        foreach (var type in element.Definition.Types)
        {
            json.WriteStartObject();
            if (element.Info is { IsAttribute: true } or { Name: "id", Owner.IsResource: true })
            {
                // Published as a type of FHIRPath, since it is an attribute in XML.
                json.WriteStartArray("extension");
                json.WriteStartObject();
                json.WriteString("url", FhirType);
                json.WriteString("valueUrl", element.Info.Name == "id" ? "string" : type.Code);
                json.WriteEndObject();
                json.WriteEndArray();
                json.WriteString("code", "http://hl7.org/fhirpath/System.String");
            }
            else json.WriteString("code", type.Code);
            Texts("profile", type.Profiles, json);
            Texts("targetProfile", type.Targets, json);
            Texts("aggregation", type.Aggregation, json);
            if (type.Versioning is { } versioning) json.WriteString("versioning", versioning);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>As a profile wrote them, where nothing was taken out of them afterwards.</summary>
    private static bool WroteStatedTypes(ElementDefinition definition, Utf8JsonWriter json)
    {
        foreach (var source in PropertyCopy.Sources(definition))
            if (ElementReader.Read(source).Types is { Count: > 0 } stated)
                return stated.Select(t => t.Code).SequenceEqual(definition.Types.Select(t => t.Code))
                    && PropertyCopy.Write(source, "type", json);
        return false;
    }

    private static void WriteConstraints(SnapshotElement element, Utf8JsonWriter json)
    {
        if (element.Definition.Constraints.Count == 0) return;
        json.WriteStartArray("constraint");
        foreach (var rule in element.Definition.Constraints)
        {
            if (Written(element.Definition, rule.Key) is { IsMissing: false } written)
            {
                PropertyCopy.WriteWhole(written, json);
                continue;
            }
            json.WriteStartObject();
            json.WriteString("key", rule.Key);
            json.WriteString("severity", rule.IsError ? "error" : "warning");
            json.WriteString("human", rule.Human.Length > 0 ? rule.Human : $"Rule {rule.Key} of R4: {Address(element)}");
            if (rule.Expression.Length > 0) json.WriteString("expression", rule.Expression);
            if (Stating(element, rule.Key) is { } source) json.WriteString("source", BaseSnapshot.Canonical + source);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static Node Written(ElementDefinition definition, string key)
    {
        foreach (var source in PropertyCopy.Sources(definition))
            foreach (var constraint in source.All("constraint"))
                if (constraint.TextOf("key") == key) return constraint;
        return Node.Missing;
    }

    /// <summary>The first type that has the rule; null for a rule of the element alone.</summary>
    private static string? Stating(SnapshotElement element, string key)
    {
        var type = element.RootType ?? element.Info?.Types[0].Type;
        string? first = null;
        for (; type != null; type = type.Base)
            if (type.Invariants.Any(i => i.Key == key)) first = type.Name;
        return first ?? element.Info?.Owner.Name.Split('.')[0];
    }

    private static void WriteBinding(ElementDefinition definition, Utf8JsonWriter json)
    {
        if (definition.Binding is not { } binding) return;
        json.WriteStartObject("binding");
        if (binding.MaxValueSet is { } most)
        {
            json.WriteStartArray("extension");
            json.WriteStartObject();
            json.WriteString("url", "http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet");
            json.WriteString("valueCanonical", most);
            json.WriteEndObject();
            json.WriteEndArray();
        }
        json.WriteString("strength", (binding.Strength ?? BindingStrength.Example).ToString().ToLowerInvariant());
        var isDescribed = false;
        foreach (var source in PropertyCopy.Sources(definition))
            if (isDescribed = PropertyCopy.Write(source["binding"], "description", json)) break;
        if (binding.ValueSet is { } valueSet) json.WriteString("valueSet", valueSet);
        // One of both must be there; R4's facts are without its prose.
        else if (!isDescribed) json.WriteString("description", "Any code");
        json.WriteEndObject();
    }

    /// <summary>Where R4 says in prose what its facts say here.</summary>
    private static string Address(SnapshotElement element)
    {
        if ((element.RootType ?? element.Info?.Owner) is not { } type) return "http://hl7.org/fhir/R4/";
        var root = R4.Type(type.Name.Split('.')[0])!;
        var page = root.IsResource ? root.Name.ToLowerInvariant() + "-definitions" : root.Name switch
        {
            "Extension" => "extensibility-definitions",
            "Reference" => "references-definitions",
            "Narrative" => "narrative-definitions",
            "Meta" => "resource-definitions",
            _ => "datatypes-definitions",
        };
        var anchor = element.Info is { } info ? $"{info.Owner.Name}.{info.Name}{(info.IsChoice ? "_x_" : "")}" : root.Name;
        return $"http://hl7.org/fhir/R4/{page}.html#{anchor}";
    }

    private static string Max(int max) => max == int.MaxValue ? "*" : max.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static void Texts(string name, IReadOnlyList<string> texts, Utf8JsonWriter json)
    {
        if (texts.Count == 0) return;
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
