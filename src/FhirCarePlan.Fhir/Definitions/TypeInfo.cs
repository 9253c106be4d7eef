using System.Text;
using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.FhirPath.Values;

namespace FhirCarePlan.Fhir.Definitions;

public enum TypeKind { Primitive, Complex, Backbone, Resource }

/// <summary>R4's definition of one type: its elements in definition order (inherited ones first) and its own rules. Backbone elements are
/// types of their own, named by their path (`CarePlan.activity`). https://hl7.org/fhir/R4/datatypes.html</summary>
public sealed class TypeInfo
{
    private static int last = -1;
    private PropertyTable? properties;
    private readonly Dictionary<string, ElementInfo> byName;

    public TypeInfo(string name, TypeKind kind, TypeInfo? baseType, bool isAbstract,
        IReadOnlyList<ElementInfo> elements, IReadOnlyList<Invariant> invariants)
    {
        (Name, Kind, Base, IsAbstract, Elements, Invariants) = (name, kind, baseType, isAbstract, elements, invariants);
        byName = elements.ToDictionary(e => e.Name, StringComparer.Ordinal);
        SystemKind = SystemValue.KindOf(this);
        for (var i = 0; i < elements.Count; i++) elements[i].Place(this, i);
    }

    /// <summary>Numbers the types as they are made, so that others can keep facts about types in arrays.</summary>
    internal int Number { get; } = Interlocked.Increment(ref last);
    public string Name { get; }
    public TypeKind Kind { get; }
    public TypeInfo? Base { get; }
    public bool IsAbstract { get; }
    public bool IsResource => Kind == TypeKind.Resource;
    public bool IsPrimitive => Kind == TypeKind.Primitive;
    /// <summary>The FHIRPath type that a value of this type turns into when an operator needs it; None for types without a value.</summary>
    internal ItemKind SystemKind { get; }

    /// <summary>Inherited elements first, in definition order. Primitive types have `id` and `extension` only; their value is the node's
    /// own.</summary>
    public IReadOnlyList<ElementInfo> Elements { get; }

    /// <summary>Rules that hold for every instance of the type, inherited ones included (ele-1, ext-1, dom-2 …).</summary>
    public IReadOnlyList<Invariant> Invariants { get; }

    /// <summary>Null when the type has no element of this name (choice elements are named without `[x]`).</summary>
    public ElementInfo? Element(string name) => byName.GetValueOrDefault(name);

    /// <summary>True for the type itself and for every ancestor.</summary>
    public bool Is(string name)
    {
        for (var type = this; type != null; type = type.Base)
            if (type.Name == name) return true;
        return false;
    }

    /// <summary>The JSON property of this name (`valueString`, `_birthDate`), null when unknown.</summary>
    public PropertyInfo? Property(ReadOnlySpan<byte> utf8Name) =>
        (properties ?? Interlocked.CompareExchange(ref properties, PropertyTable.Of(this), null) ?? properties)!.Find(utf8Name);

    /// <summary>How many JSON properties the type has, companions included.</summary>
    public int PropertyCount =>
        (properties ?? Interlocked.CompareExchange(ref properties, PropertyTable.Of(this), null) ?? properties)!.Count;

    public PropertyInfo? Property(string name) => Property(Encoding.UTF8.GetBytes(name));

    public override string ToString() => Name;
}

/// <summary>One element of a type. https://hl7.org/fhir/R4/elementdefinition.html</summary>
public sealed class ElementInfo
{
    /// <summary>`value` for `value[x]`.</summary>
    public required string Name { get; init; }
    /// <summary>As in the definition: `Observation.value[x]`; an inherited element keeps the path of the type that declares it here
    /// (`CarePlan.id`).</summary>
    public required string Path { get; init; }
    public required int Min { get; init; }
    /// <summary>int.MaxValue for `*`.</summary>
    public required int Max { get; init; }
    public bool IsChoice { get; init; }
    public bool IsModifier { get; init; }
    public bool IsSummary { get; init; }
    /// <summary>`Element.id` and `Extension.url`: an attribute in XML, so that it has neither `id` nor extensions, and no `_id` in
    /// JSON.</summary>
    public bool IsAttribute { get; init; }
    public required IReadOnlyList<TypeChoice> Types { get; init; }
    public Binding? Binding { get; init; }
    /// <summary>Rules on the element itself, without those of its type (`ele-1` is a rule of the type).</summary>
    public IReadOnlyList<Invariant> Invariants { get; init; } = [];

    /// <summary>Position among the type's elements.</summary>
    public int Order { get; private set; }
    public TypeInfo Owner { get; private set; } = null!;
    public bool IsCollection => Max > 1;

    internal void Place(TypeInfo owner, int order) => (Owner, Order) = (owner, order);

    /// <summary>Null when the element does not allow the type.</summary>
    public TypeChoice? Choice(string typeName) => Types.FirstOrDefault(t => t.TypeName == typeName);

    public override string ToString() => Path;
}

/// <summary>One type an element may have. `Type` is loaded when first asked for, since types refer to each other.</summary>
public sealed class TypeChoice(string typeName, Func<TypeInfo> load, IReadOnlyList<string> targets, bool namesResource = false)
{
    private readonly Lazy<TypeInfo> type = new(load);

    public string TypeName => typeName;
    /// <summary>For `Resource` (contained, Bundle.entry.resource) the abstract type; the instance says which.</summary>
    public TypeInfo Type => type.Value;
    /// <summary>For Reference and canonical: the resource types allowed, empty for any.</summary>
    public IReadOnlyList<string> Targets => targets;
    /// <summary>True where the definition says so by naming `Resource`, which makes a difference only when it is published again.</summary>
    public bool NamesResource => namesResource;
}

public enum BindingStrength { Example, Preferred, Extensible, Required }

/// <param name="ValueSet">Canonical, with version where the definition gives one; empty where it gives no value set.</param>
public sealed record Binding(BindingStrength Strength, string ValueSet);

/// <param name="IsError">False for a warning.</param>
/// <param name="Human">What it asks for, in the words of the definition that states it; empty if it gives none.</param>
/// <param name="IsOfR4">Stated by R4 itself, whose words are often too short to act on without the expression.</param>
public sealed record Invariant(string Key, bool IsError, string Expression, string Human = "", bool IsOfR4 = false)
{
    /// <summary>What an outcome says when the rule is broken.</summary>
    public string Broken =>
        Human.Length == 0 ? $"{Key} is not met: `{Expression}`"
        : IsOfR4 ? $"{Key}: {Human} (`{Expression}`)"
        : $"{Key}: {Human}";
}

/// <summary>A JSON property of a type: `status`, `_status`, `valueQuantity`.</summary>
public sealed class PropertyInfo(ElementInfo element, TypeChoice choice, string jsonName, bool isCompanion)
{
    public ElementInfo Element => element;
    public TypeChoice Choice => choice;
    private TypeInfo? type;

    public TypeInfo Type => type ??= choice.Type;
    /// <summary>Position among the properties of the owning type, for sets of those seen.</summary>
    public int Slot { get; internal set; }
    public string JsonName => jsonName;
    public byte[] Utf8Name { get; } = Encoding.UTF8.GetBytes(jsonName);
    /// <summary>`"status":` ready to be written; for a companion `"_status":`.</summary>
    public byte[] Utf8Key { get; } = Encoding.UTF8.GetBytes($"\"{jsonName}\":");
    /// <summary>True for `_x`, which carries `id` and `extension` of a primitive.</summary>
    public bool IsCompanion => isCompanion;
    /// <summary>`_x` for `x`; null unless the type is primitive.</summary>
    public PropertyInfo? Companion { get; internal set; }
    /// <summary>`x` for `_x`; itself otherwise. Nodes always carry the principal.</summary>
    public PropertyInfo Principal { get; internal set; } = null!;

    public override string ToString() => jsonName;
}
