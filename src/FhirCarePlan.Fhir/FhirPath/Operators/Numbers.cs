using FhirCarePlan.Fhir.FhirPath.Values;

namespace FhirCarePlan.Fhir.FhirPath.Operators;

/// <summary>Integers and decimals seen as one kind. http://hl7.org/fhirpath/N1/#conversion</summary>
internal static class Numbers
{
    /// <summary>False when it is not a number, or has more than 28 digits.</summary>
    public static bool Of(in Item item, out decimal value)
    {
        var system = item.IsNode ? SystemValue.Of(item) : item;
        value = system.Kind switch
        {
            ItemKind.Integer => system.Integer,
            ItemKind.Decimal => system.Decimal,
            _ => 0
        };
        return system.Kind is ItemKind.Integer or ItemKind.Decimal;
    }

    /// <summary>Digits after the point without trailing zeros.</summary>
    public static int Precision(decimal value)
    {
        var scale = value.Scale;
        while (scale > 0 && decimal.Round(value, scale - 1) == value) scale--;
        return scale;
    }
}
