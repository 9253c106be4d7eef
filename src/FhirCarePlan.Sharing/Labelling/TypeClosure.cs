using System.Collections.Concurrent;
using FhirCarePlan.Fhir.Definitions;

namespace FhirCarePlan.Sharing.Labelling;

/// <summary>What hiding may do to one type under base R4: which children can only be hidden with their parent, and which need each other.
/// Worked out once per type from the definitions. src/docs/sharing.md#labels, src/docs/sharing.md#views</summary>
internal sealed class TypeClosure
{
    private static readonly ConcurrentDictionary<TypeInfo, TypeClosure> known = new(ReferenceEqualityComparer.Instance);

    private readonly ChildRole[] roles;

    public static TypeClosure Of(TypeInfo type) =>
        known.TryGetValue(type, out var closure) ? closure : known.GetOrAdd(type, new TypeClosure(type));

    private TypeClosure(TypeInfo type)
    {
        IsValue = IsValueType(type);
        var isWhole = IsValue || SharedReading.IsWhole(type);
        IsShell = !type.IsResource && type.Name != "Meta"; // a view rewrites `meta`
        roles = new ChildRole[type.Elements.Count];
        foreach (var element in type.Elements) roles[element.Order] = RoleOf(type, element, isWhole);
        var readings = SharedReading.Of(type);
        OneOf = [.. readings.Where(r => r.Needed.Count == 0).Select(r => Orders(type, r.Elements))];
        Needs = [.. readings.Where(r => r.Needed.Count > 0).Select(r => new Need(Orders(type, r.Elements), Orders(type, r.Needed)))];
    }

    /// <summary>A data type that is shown whole or not at all: a coding without its concept's text, or a reference without its display,
    /// would say too little or too much. Extensions in it are decided by themselves.</summary>
    public bool IsValue { get; }

    /// <summary>True when the element must not be left without value and children (ele-1).</summary>
    public bool IsShell { get; }

    /// <summary>Groups of elements of which one must remain, where one of them was there.</summary>
    public IReadOnlyList<bool[]> OneOf { get; }

    public IReadOnlyList<Need> Needs { get; }

    public ChildRole Role(ElementInfo element) => roles[element.Order];

    /// <summary>`Elements` may be seen only where all that is there of `Needed` may.</summary>
    public sealed record Need(bool[] Elements, bool[] Needed);

    private static bool IsValueType(TypeInfo type)
    {
        if (type.Kind == TypeKind.Backbone)
            return R4.Type(type.Name[..type.Name.IndexOf('.')]) is { Kind: TypeKind.Complex } owner && IsValueType(owner);
        return type.Kind == TypeKind.Complex && type.Name is not ("Extension" or "Meta" or "Narrative");
    }

    private static ChildRole RoleOf(TypeInfo type, ElementInfo element, bool isWhole)
    {
        if (element.Name == "id" || type.Name == "Extension" && element.Name == "url") return ChildRole.Name;
        // tst-5, tst-6: with an extension, an assertion may contain what it otherwise may not.
        if (element.Name == "extension")
            return type.Name.StartsWith("TestScript.", StringComparison.Ordinal) ? ChildRole.Pinned : ChildRole.Optional;
        if (type.IsResource && element.Name is "meta" or "text" or "contained") return ChildRole.Optional;
        if (element.IsModifier || isWhole || type.IsResource && PersonReference.Is(element)) return ChildRole.Pinned;
        // Whoever may not see what a Binary is treated as may not see the Binary.
        if (type.Name == SecurityContext.Type && element.Name == SecurityContext.Element) return ChildRole.Pinned;
        // An activity without reference or detail says nothing (src/docs/sharing.md#labels).
        if (type.Name == "CarePlan.activity" && element.Name is "reference" or "detail") return ChildRole.Pinned;
        return element.Min > 0 ? ChildRole.Required : ChildRole.Optional;
    }

    private static bool[] Orders(TypeInfo type, IReadOnlyList<string> names)
    {
        var orders = new bool[type.Elements.Count];
        foreach (var name in names)
            if (type.Element(name) is { } element) orders[element.Order] = true;
        return orders;
    }
}

/// <summary>How a child bears on its parent's labels.</summary>
internal enum ChildRole : byte
{
    Optional,
    /// <summary>As Pinned, and no content: alone it leaves its parent empty.</summary>
    Name,
    /// <summary>One of its repetitions must remain, or the parent goes.</summary>
    Required,
    /// <summary>Each repetition has the parent's labels; a claim on it is a claim on the parent.</summary>
    Pinned,
}
