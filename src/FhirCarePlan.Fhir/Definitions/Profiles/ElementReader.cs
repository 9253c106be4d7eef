using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Definitions.Profiles;

/// <summary>Reads an element of a StructureDefinition. What cannot be read counts as unstated: the validator of the
/// StructureDefinition itself tells its author.</summary>
internal static class ElementReader
{
    private const string FhirType = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type";
    private const string MaxValueSet = "http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet";
    private const string BestPractice = "http://hl7.org/fhir/StructureDefinition/elementdefinition-bestpractice";
    private const string MinLength = "http://hl7.org/fhir/StructureDefinition/minLength";
    private const string MustHaveValue = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ElementDefinition.mustHaveValue";

    public static ElementDefinition Read(Node element)
    {
        var types = new List<ElementType>();
        var constraints = new List<Invariant>();
        foreach (var type in element.All("type")) types.Add(Type(type));
        foreach (var constraint in element.All("constraint")) constraints.Add(Constraint(constraint));
        return new ElementDefinition
        {
            Id = element.TextOf("id"),
            Path = element.TextOf("path") ?? "",
            SliceName = element.TextOf("sliceName"),
            Slicing = Slicing(element["slicing"]),
            Min = Number(element.TextOf("min")),
            Max = element.TextOf("max") is "*" ? int.MaxValue : Number(element.TextOf("max")),
            Types = types,
            ContentReference = element.TextOf("contentReference"),
            Fixed = element["fixed"],
            Pattern = element["pattern"],
            MinValue = element["minValue"],
            MaxValue = element["maxValue"],
            MaxLength = Number(element.TextOf("maxLength")),
            MinLength = Number(Extension(element, MinLength).TextOf("value")),
            Binding = Binding(element["binding"]),
            Constraints = constraints,
            MustSupport = Flag(element, "mustSupport"),
            IsModifier = Flag(element, "isModifier"),
            IsSummary = Flag(element, "isSummary"),
            MustHaveValue = Extension(element, MustHaveValue)["value"] is { IsMissing: false } must && must.ValueEquals("true"u8),
            Source = element,
        };
    }

    public static List<string> Texts(Node parent, string name)
    {
        var texts = new List<string>();
        foreach (var child in parent.All(name))
            if (child.Text is { } text) texts.Add(text);
        return texts;
    }

    public static Node Extension(Node element, string url)
    {
        foreach (var extension in element.All("extension"))
            if (extension.TextOf("url") == url) return extension;
        return Node.Missing;
    }

    private static ElementType Type(Node type)
    {
        var code = type.TextOf("code") ?? "";
        if (code.StartsWith("http://hl7.org/fhirpath/System.", StringComparison.Ordinal))
            code = Extension(type, FhirType).TextOf("value") ?? SystemType(code["http://hl7.org/fhirpath/System.".Length..]);
        else if (code.StartsWith("http://hl7.org/fhir/StructureDefinition/", StringComparison.Ordinal))
            code = code["http://hl7.org/fhir/StructureDefinition/".Length..];
        return new ElementType(code, Texts(type, "profile"), Texts(type, "targetProfile"), Texts(type, "aggregation"),
            type.TextOf("versioning"));
    }

    private static string SystemType(string name) => name is "DateTime" ? "dateTime" : name.ToLowerInvariant();

    /// <summary>A best practice is advice, whatever its severity.
    /// https://hl7.org/fhir/R4/extension-elementdefinition-bestpractice.html</summary>
    private static Invariant Constraint(Node constraint) => new(
        constraint.TextOf("key") ?? "",
        constraint.TextOf("severity") != "warning" && Extension(constraint, BestPractice).TextOf("value") != "true",
        constraint.TextOf("expression") ?? "", constraint.TextOf("human") ?? "");

    private static ElementBinding? Binding(Node binding)
    {
        if (binding.IsMissing) return null;
        BindingStrength? strength = binding.TextOf("strength") switch
        {
            "required" => BindingStrength.Required,
            "extensible" => BindingStrength.Extensible,
            "preferred" => BindingStrength.Preferred,
            "example" => BindingStrength.Example,
            _ => null,
        };
        return new ElementBinding(strength, binding.TextOf("valueSet"), Extension(binding, MaxValueSet).TextOf("value"));
    }

    private static Slicing? Slicing(Node slicing)
    {
        if (slicing.IsMissing) return null;
        var discriminators = new List<Discriminator>();
        foreach (var discriminator in slicing.All("discriminator"))
            discriminators.Add(new Discriminator(discriminator.TextOf("type") ?? "value", discriminator.TextOf("path") ?? "$this"));
        var rules = slicing.TextOf("rules") switch
        {
            "closed" => SlicingRules.Closed,
            "openAtEnd" => SlicingRules.OpenAtEnd,
            _ => SlicingRules.Open
        };
        return new Slicing(discriminators, slicing.TextOf("ordered") == "true", rules);
    }

    private static int? Number(string? text) => int.TryParse(text, out var number) && number >= 0 ? number : null;

    private static bool? Flag(Node element, string name) => element.TextOf(name) switch { "true" => true, "false" => false, _ => null };
}
