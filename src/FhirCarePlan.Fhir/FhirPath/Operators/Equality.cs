using FhirCarePlan.Fhir.FhirPath.Values;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.FhirPath.Operators;

/// <summary>`=` and `!=`. http://hl7.org/fhirpath/N1/#equals</summary>
internal static class Equality
{
    /// <summary>Compares two stretches of the stack in order: [left, right) and [right, end). Empty when one of them is.</summary>
    public static Truth Of(Evaluation e, int left, int right, int end)
    {
        var count = right - left;
        if (count == 0 || end == right) return Truth.Empty;
        if (count != end - right) return Truth.False;
        var result = Truth.True;
        for (var i = 0; i < count && result != Truth.False; i++)
        {
            var one = Of(e, e[left + i], e[right + i]);
            if (one != Truth.True) result = one;
        }
        return result;
    }

    /// <summary>Empty when partial dates or foreign units leave it open.</summary>
    public static Truth Of(Evaluation e, in Item a, in Item b)
    {
        e.Tick();
        if (a.Kind == ItemKind.Integer && b.Kind == ItemKind.Integer) return Is(a.Integer == b.Integer);
        var (x, y) = (SystemValue.KindOf(a), SystemValue.KindOf(b));
        switch (x, y)
        {
            case (ItemKind.String, ItemKind.String):
                return Is(a.IsNode && b.IsNode ? TextView.AreSame(a.Node, b.Node) : TextView.Of(a).Equals(TextView.Of(b)));
            case (ItemKind.Boolean, ItemKind.Boolean):
                return Is(SystemValue.Of(a).Boolean == SystemValue.Of(b).Boolean);
            case (ItemKind.Integer or ItemKind.Decimal, ItemKind.Integer or ItemKind.Decimal):
                return Numbers.Of(a, out var left) && Numbers.Of(b, out var right) ? Is(left == right) : Is(a.Text == b.Text);
            case (ItemKind.Quantity, ItemKind.Quantity or ItemKind.Integer or ItemKind.Decimal)
                or (ItemKind.Integer or ItemKind.Decimal, ItemKind.Quantity):
                return QuantitiesAre(e, a, b);
            case (ItemKind.Date or ItemKind.DateTime or ItemKind.Time, ItemKind.Date or ItemKind.DateTime or ItemKind.Time):
                return MomentsAre(a, b);
            case (ItemKind.Type, ItemKind.Type):
                return Is(a.Type == b.Type);
            default:
                return Is(a.IsNode && b.IsNode && SameTree(e, a.Node, b.Node));
        }
    }

    /// <summary>True for `=`; an undecided comparison counts as different.</summary>
    public static bool Holds(Evaluation e, in Item a, in Item b) => Of(e, a, b) == Truth.True;

    private static Truth Is(bool value) => value ? Truth.True : Truth.False;

    private static Truth QuantitiesAre(Evaluation e, in Item a, in Item b)
    {
        if (a.IsNode && b.IsNode && SameTree(e, a.Node, b.Node)) return Truth.True;
        var (x, y) = (SystemValue.Of(a), SystemValue.Of(b));
        if (x.IsNone || y.IsNone) return Truth.False;
        (x, y) = (Quantities.From(x), Quantities.From(y));
        (x, y) = (Quantities.Reconciled(x, a.IsNode, y), Quantities.Reconciled(y, b.IsNode, x));
        return Quantities.Compare(x, y) is { } order ? Is(order == 0) : Truth.Empty;
    }

    private static Truth MomentsAre(in Item a, in Item b)
    {
        var (x, y) = (SystemValue.Of(a), SystemValue.Of(b));
        if (x.IsNone || y.IsNone) return Is(a.Text == b.Text);
        if (!MomentOrder.AreComparable(x.Moment, y.Moment)) return Truth.False;
        return MomentOrder.Compare(x.Moment, y.Moment) is { } order ? Is(order == 0) : Truth.Empty;
    }

    /// <summary>Elements are equal when their children are, one by one, in order.</summary>
    private static bool SameTree(Evaluation e, Node a, Node b)
    {
        if (a == b) return true;
        if (a.Type.Name != b.Type.Name || a.HasValue != b.HasValue) return false;
        var (x, y) = (a.FirstChild, b.FirstChild);
        for (; !x.IsMissing && !y.IsMissing; x = x.NextSibling, y = y.NextSibling)
            if (x.Name != y.Name || !Holds(e, x, y)) return false;
        return x.IsMissing && y.IsMissing;
    }
}
