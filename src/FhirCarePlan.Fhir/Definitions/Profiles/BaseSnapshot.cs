using System.Collections.Concurrent;

namespace FhirCarePlan.Fhir.Definitions.Profiles;

/// <summary>A base R4 type as the snapshot that profiles start from: backbone elements are walked into, data types are not.</summary>
internal static class BaseSnapshot
{
    public const string Canonical = "http://hl7.org/fhir/StructureDefinition/";

    public const string SimpleQuantity = Canonical + "SimpleQuantity";

    /// <summary>In R4's facts the profile SimpleQuantity, used by base R4 itself, is this rule of the element.</summary>
    public const string SimpleQuantityRule = "sqty-1";

    private static readonly ConcurrentDictionary<TypeInfo, SnapshotElement> Roots = new();
    private static readonly ConcurrentDictionary<ElementInfo, SnapshotElement> Elements = new();

    public static SnapshotElement Of(TypeInfo type) => Roots.GetOrAdd(type, static t => new SnapshotElement
    {
        Name = t.Name,
        RootType = t,
        Definition = new ElementDefinition { Path = t.Name, Min = 0, Max = int.MaxValue },
        Children = [.. t.Elements.Select(Of)],
    });

    /// <summary>The R4 type of a canonical; null when the canonical names something else.</summary>
    public static TypeInfo? TypeOf(string canonical)
    {
        var end = canonical.IndexOf('|');
        var url = end < 0 ? canonical : canonical[..end];
        return url.StartsWith(Canonical, StringComparison.Ordinal) && url.IndexOf('.') is var dot && dot < Canonical.Length
            ? R4.Type(url[Canonical.Length..]) : null;
    }

    /// <summary>True for `Questionnaire.item.item`, whose type is the backbone element of another path.</summary>
    public static bool IsContentReference(ElementInfo info) =>
        info.Types.Count == 1 && info.Types[0].TypeName.Contains('.') && info.Types[0].TypeName != info.Path;

    public static SnapshotElement Of(ElementInfo info) => Elements.GetOrAdd(info, static i => Element(i));

    private static SnapshotElement Element(ElementInfo info)
    {
        var isReference = IsContentReference(info);
        var isBackbone = !isReference && info.Types.Count == 1 && info.Types[0].TypeName.Contains('.');
        return new SnapshotElement
        {
            Name = info.Name,
            Info = info,
            Definition = new ElementDefinition
            {
                Path = info.Path,
                Min = info.Min,
                Max = info.Max,
                Types = isReference ? [] : [.. info.Types.Select(t => Type(t, info))],
                ContentReference = isReference ? "#" + info.Types[0].TypeName : null,
                Binding = info.Binding is { } binding
                    ? new ElementBinding(binding.Strength, binding.ValueSet.Length > 0 ? binding.ValueSet : null, null) : null,
                // Published with data types and their parts, not with resources and backbone elements.
                Slicing = info.Name == "extension"
                    && (info.Owner.Kind is TypeKind.Complex or TypeKind.Primitive || info.Owner.Base?.Name == "Element")
                    ? Slicing.ByUrl : null,
                IsModifier = info.IsModifier ? true : null,
                IsSummary = info.IsSummary ? true : null,
            },
            Children = isBackbone ? [.. info.Types[0].Type.Elements.Select(Of)] : [],
        };
    }

    private static ElementType Type(TypeChoice choice, ElementInfo info) => new(
        choice.TypeName.Contains('.') ? choice.Type.Base!.Name : choice.TypeName,
        choice.TypeName == "Quantity" && info.Invariants.Any(i => i.Key == SimpleQuantityRule) ? [SimpleQuantity] : [],
        choice.NamesResource ? [Canonical + "Resource"] : [.. choice.Targets.Select(t => Canonical + t)], [], null);
}
