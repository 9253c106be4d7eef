using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Definitions.Profiles;

/// <summary>A profile, an extension's definition or a model as read from a package.
/// https://hl7.org/fhir/R4/structuredefinition.html</summary>
public sealed class StructureDefinition
{
    private StructureDefinition(Node root)
    {
        Source = root;
        Url = root.TextOf("url") ?? "";
        Version = root.TextOf("version");
        Name = root.TextOf("name") ?? "";
        Type = root.TextOf("type") ?? "";
        Kind = root.TextOf("kind") ?? "";
        Base = root.TextOf("baseDefinition");
        IsConstraint = root.TextOf("derivation") == "constraint";
        IsAbstract = root.TextOf("abstract") == "true";
        Contexts = [.. root.All("context").ToList()
            .Select(c => new ExtensionContext(c.TextOf("type") ?? "element", c.TextOf("expression") ?? ""))];
        ContextInvariants = ElementReader.Texts(root, "contextInvariant");
        // A snapshot is a complete differential, so either will do.
        var elements = root["differential"] is { IsMissing: false } differential ? differential : root["snapshot"];
        Differential = elements.IsMissing ? [] : [.. elements.All("element").ToList().Select(ElementReader.Read)];
    }

    /// <param name="root">Of type StructureDefinition; its document must live as long as the result.</param>
    public static StructureDefinition Read(Node root) => new(root);

    public string Url { get; }
    public string? Version { get; }
    public string Name { get; }
    /// <summary>The R4 type that is constrained: `CarePlan`, `Extension`.</summary>
    public string Type { get; }
    /// <summary>`resource`, `complex-type`, `primitive-type`, `logical`.</summary>
    public string Kind { get; }
    public string? Base { get; }
    /// <summary>True for a profile that R4 itself was published with, whose version it has.</summary>
    public bool IsOfR4 => Version == "4.0.1";
    /// <summary>False for types of their own, which base R4 or a logical model defines.</summary>
    public bool IsConstraint { get; }
    public bool IsAbstract { get; }
    public bool IsExtension => Type == "Extension";
    /// <summary>Where an extension may be used; empty for other profiles.</summary>
    public IReadOnlyList<ExtensionContext> Contexts { get; }
    public IReadOnlyList<string> ContextInvariants { get; }
    public IReadOnlyList<ElementDefinition> Differential { get; }
    public Node Source { get; }

    public override string ToString() => Url;
}

/// <param name="Type">`element`, `extension`, `fhirpath`.</param>
public sealed record ExtensionContext(string Type, string Expression);
