using FhirCarePlan.Fhir.FhirPath.Values;

namespace FhirCarePlan.Fhir.FhirPath.Operators;

/// <summary>`&lt;`, `&lt;=`, `&gt;`, `&gt;=` and the order of `sort()`. http://hl7.org/fhirpath/N1/#comparison</summary>
internal static class Ordering
{
    /// <summary>Null when partial dates or foreign units leave it open, or an element has no value.</summary>
    /// <exception cref="FhirPathException">The types have no common order.</exception>
    public static int? Compare(in Item a, in Item b)
    {
        if (a.Kind == ItemKind.Integer && b.Kind == ItemKind.Integer) return a.Integer.CompareTo(b.Integer);
        var (x, y) = (SystemValue.KindOf(a), SystemValue.KindOf(b));
        if (x is ItemKind.Integer or ItemKind.Decimal && y is ItemKind.Integer or ItemKind.Decimal)
            return Numbers.Of(a, out var left) && Numbers.Of(b, out var right) ? left.CompareTo(right) : null;
        if (HasNoValue(a, x) || HasNoValue(b, y)) return null;
        var (p, q) = (SystemValue.Of(a, x), SystemValue.Of(b, y));
        if (p.IsNone || q.IsNone) return IsOrdered(x) && IsOrdered(y) ? null : throw Unordered(a, b);
        switch (x, y)
        {
            case (ItemKind.String, ItemKind.String):
                return string.CompareOrdinal(p.String, q.String);
            case (ItemKind.Date or ItemKind.DateTime, ItemKind.Date or ItemKind.DateTime) or (ItemKind.Time, ItemKind.Time):
                return MomentOrder.Compare(p.Moment, q.Moment);
            case (ItemKind.Quantity, ItemKind.Quantity or ItemKind.Integer or ItemKind.Decimal)
                or (ItemKind.Integer or ItemKind.Decimal, ItemKind.Quantity):
                (p, q) = (Quantities.From(p), Quantities.From(q));
                (p, q) = (Quantities.Reconciled(p, a.IsNode, q), Quantities.Reconciled(q, b.IsNode, p));
                return Quantities.Compare(p, q);
            default:
                throw Unordered(a, b);
        }
    }

    private static bool HasNoValue(in Item item, ItemKind kind) => kind == ItemKind.None && item.IsNode && item.Node.Type.IsPrimitive;

    private static bool IsOrdered(ItemKind kind) => kind is not (ItemKind.None or ItemKind.Boolean or ItemKind.Type);

    private static FhirPathException Unordered(in Item a, in Item b) => new($"`{a.TypeName}` cannot be compared with `{b.TypeName}`");
}
