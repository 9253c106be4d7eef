using System.Text;
using FhirCarePlan.Fhir.FhirPath.Values;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.FhirPath.Operators;

/// <summary>`~` and `!~`: never empty; order, case, white space and needless digits do not matter.
/// http://hl7.org/fhirpath/N1/#equivalent</summary>
internal static class Equivalence
{
    /// <summary>Compares two stretches of the stack as bags.</summary>
    public static bool Of(Evaluation e, int left, int right, int end)
    {
        if (right - left != end - right) return false;
        if (right - left == 1) return Of(e, e[left], e[right]);
        // An item with a partner moves behind those without one.
        for (int i = left, open = end; i < right; i++)
        {
            var at = right;
            while (at < open && !Of(e, e[i], e[at])) at++;
            if (at == open) return false;
            open--;
            (e[at], e[open]) = (e[open], e[at]);
        }
        return true;
    }

    public static bool Of(Evaluation e, in Item a, in Item b)
    {
        e.Tick();
        var (x, y) = (SystemValue.KindOf(a), SystemValue.KindOf(b));
        switch (x, y)
        {
            case (ItemKind.String, ItemKind.String):
                return SameWords(a.Text!, b.Text!);
            case (ItemKind.Integer or ItemKind.Decimal, ItemKind.Integer or ItemKind.Decimal):
                return Operators.Numbers.Of(a, out var left) && Operators.Numbers.Of(b, out var right) && Numbers(left, right);
            case (ItemKind.Quantity, ItemKind.Quantity or ItemKind.Integer or ItemKind.Decimal)
                or (ItemKind.Integer or ItemKind.Decimal, ItemKind.Quantity):
                var (q, r) = (Quantities.From(SystemValue.Of(a)), Quantities.From(SystemValue.Of(b)));
                return q.IsNone || r.IsNone ? Equality.Holds(e, a, b) : Quantities.AreEquivalent(q, r);
            case (ItemKind.Date or ItemKind.DateTime or ItemKind.Time, ItemKind.Date or ItemKind.DateTime or ItemKind.Time):
                return Equality.Holds(e, a, b);
            case (ItemKind.None, ItemKind.None):
                return a.IsNode && b.IsNode && SameTree(e, a.Node, b.Node);
            default:
                return Equality.Holds(e, a, b);
        }
    }

    /// <summary>Rounded to the digits of the less precise; trailing zeros do not count as precision.</summary>
    public static bool Numbers(decimal a, decimal b)
    {
        var digits = Math.Min(Operators.Numbers.Precision(a), Operators.Numbers.Precision(b));
        return decimal.Round(a, digits, MidpointRounding.AwayFromZero) == decimal.Round(b, digits, MidpointRounding.AwayFromZero);
    }

    private static bool SameWords(string a, string b) =>
        string.Equals(a, b, StringComparison.OrdinalIgnoreCase) || string.Equals(Normal(a), Normal(b), StringComparison.OrdinalIgnoreCase);

    private static string Normal(string text)
    {
        var normal = new StringBuilder(text.Length);
        foreach (var c in text) normal.Append(char.IsWhiteSpace(c) ? ' ' : c);
        return normal.ToString();
    }

    /// <summary>Each child has an equivalent one of the same name, in any order.</summary>
    private static bool SameTree(Evaluation e, Node a, Node b)
    {
        if (a == b) return true;
        if (a.Type.Name != b.Type.Name) return false;
        List<Node> open = b.Children.ToList();
        foreach (var child in a.Children)
        {
            var at = open.FindIndex(other => other.Name == child.Name && Of(e, child, other));
            if (at < 0) return false;
            open.RemoveAt(at);
        }
        return open.Count == 0;
    }
}
