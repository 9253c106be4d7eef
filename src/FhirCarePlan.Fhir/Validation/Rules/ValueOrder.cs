using System.Globalization;
using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.FhirPath.Operators;
using FhirCarePlan.Fhir.FhirPath.Values;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>Which of two values of one type is greater: numbers, dates and times, quantities in units that convert into each
/// other.</summary>
internal static class ValueOrder
{
    private const string UcumSystem = "http://unitsofmeasure.org";

    /// <summary>Null when the two cannot be compared: other units, another precision, texts.</summary>
    public static int? Of(Node one, Node other)
    {
        if (one.IsMissing || other.IsMissing) return null;
        if (other.Type.Is("Quantity")) return one.Type.Is("Quantity") ? OfQuantities(one, other) : null;
        if (!one.HasValue || !other.HasValue) return null;
        if (!other.IsString) return Number(one) is { } a && Number(other) is { } b ? a.CompareTo(b) : null;
        return other.Type.Name switch
        {
            "date" or "dateTime" or "instant" when one.Text is { } text && other.Text is { } bound => OfMoments(text, bound),
            "time" => string.CompareOrdinal(one.Text, other.Text),
            _ => null,
        };
    }

    /// <summary>True when both are UCUM and measure different things, so that no number could put them in order.</summary>
    public static bool CannotCompare(Node one, Node other) =>
        IsUcum(one, out var a) && IsUcum(other, out var b) && a.Measure is { } left && b.Measure is { } right
            && left.Dimension != right.Dimension;

    /// <summary>`2024-02` beside `2024-02-29`: the same as far as the shorter goes, so that neither comes first.</summary>
    public static bool IsSameButLessPrecise(Node one, Node other)
    {
        if (one.Text is not { } a || other.Text is not { } b || a.Length == b.Length) return false;
        var length = Math.Min(a.Length, b.Length);
        return length <= 10 && string.CompareOrdinal(a, 0, b, 0, length) == 0;
    }

    private static int? OfQuantities(Node one, Node other)
    {
        if (Number(one["value"]) is not { } a || Number(other["value"]) is not { } b) return null;
        if (one.TextOf("system") == other.TextOf("system") && one.TextOf("code") == other.TextOf("code")) return a.CompareTo(b);
        return IsUcum(one, out var unit) && IsUcum(other, out var otherUnit)
            ? Quantities.Compare(Item.Of(a, unit), Item.Of(b, otherUnit)) : null;
    }

    private static bool IsUcum(Node quantity, out Unit unit)
    {
        unit = Unit.One;
        if (quantity.TextOf("system") != UcumSystem || quantity.TextOf("code") is not { } code) return false;
        unit = Unit.Of(code);
        return true;
    }

    private static int? OfMoments(string text, string bound)
    {
        if (text.Length > 10 && bound.Length > 10)
            return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
                && DateTimeOffset.TryParse(bound, CultureInfo.InvariantCulture, DateTimeStyles.None, out var until)
                    ? at.CompareTo(until) : null;
        var length = Math.Min(Math.Min(text.Length, bound.Length), 10);
        var order = string.CompareOrdinal(text, 0, bound, 0, length);
        return order == 0 && text.Length != bound.Length ? null : order;
    }

    private static decimal? Number(Node node) =>
        !node.IsMissing && decimal.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
