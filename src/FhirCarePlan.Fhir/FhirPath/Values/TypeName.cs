using FhirCarePlan.Fhir.Definitions;

namespace FhirCarePlan.Fhir.FhirPath.Values;

/// <summary>A type as an expression names it: `Quantity`, `FHIR.Patient`, `System.String`. Without namespace it may mean both worlds.
/// http://hl7.org/fhirpath/N1/#types-and-reflection</summary>
internal sealed record TypeName(string? Namespace, string Name)
{
    /// <summary>By ItemKind.</summary>
    private static readonly string[] SystemNames = ["Any", "Node", "Boolean", "Integer", "Decimal", "String", "Date", "DateTime", "Time",
        "Quantity", "TypeInfo"];

    /// <exception cref="FhirPathException">FHIR R4 has no such type.</exception>
    public static TypeName Known(string? space, string name)
    {
        var isKnown = space switch
        {
            // What System lacks is nothing's type, which the HL7 suite asks for: `Patient.is(System.Patient)` is false.
            "System" => true,
            "FHIR" => R4.Type(name) != null,
            null => SystemNames.Contains(name) || R4.Type(name) != null,
            _ => false
        };
        var type = new TypeName(space, name);
        return isKnown ? type : throw new FhirPathException($"`{type}` is not a type of FHIR R4 or FHIRPath");
    }

    /// <summary>The type itself or an ancestor.</summary>
    public bool Includes(in Item item)
    {
        if (item.IsNode) return Namespace != "System" && item.Node.Type.Is(Name);
        return Namespace != "FHIR" && !item.IsNone && (Name == SystemNames[(int)item.Kind] || Name == "Any");
    }

    /// <summary>The types that `as` and `ofType` pass: a primitive type only itself (a code is not a string there), any other type its
    /// descendants too.</summary>
    public bool Selects(in Item item)
    {
        if (!item.IsNode) return Includes(item);
        if (Namespace == "System") return false;
        var type = item.Node.Type;
        return type.IsPrimitive ? type.Name == Name || (!char.IsLower(Name[0]) && type.Is(Name)) : type.Is(Name);
    }

    public static TypeName Of(in Item item)
    {
        if (!item.IsNode) return new TypeName("System", SystemNames[(int)item.Kind]);
        var type = item.Node.Type;
        return new TypeName("FHIR", type.Kind == TypeKind.Backbone && type.Base is { } element ? element.Name : type.Name);
    }

    public override string ToString() => Namespace is null ? Name : $"{Namespace}.{Name}";
}
