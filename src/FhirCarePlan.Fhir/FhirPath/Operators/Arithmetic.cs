using FhirCarePlan.Fhir.FhirPath.Values;

namespace FhirCarePlan.Fhir.FhirPath.Operators;

/// <summary>`+ - * / div mod &amp;` and the sign. A result out of range and a division by zero are empty. Beside a quantity a number is a
/// quantity of unit `1`: http://hl7.org/fhirpath/N1/#conversion
/// http://hl7.org/fhirpath/N1/#math</summary>
internal static class Arithmetic
{
    /// <summary>Longest string a concatenation may make.</summary>
    public const int LongestText = 1 << 20;

    public static Item Add(in Item a, in Item b) => (a.Kind, b.Kind) switch
    {
        (ItemKind.String, ItemKind.String) => Join(a.String, b.String),
        (ItemKind.Integer, ItemKind.Integer) => InRange((long)a.Integer + b.Integer),
        (ItemKind.Date or ItemKind.DateTime or ItemKind.Time, ItemKind.Quantity) => Moved(a, b.Decimal, b.Unit),
        (ItemKind.Quantity, _) or (_, ItemKind.Quantity) => OfQuantities("+", a, b, static (x, y) => Quantities.Add(x, y, 1)),
        _ => Decimals("+", a, b, static (x, y) => x + y)
    };

    public static Item Subtract(in Item a, in Item b) => (a.Kind, b.Kind) switch
    {
        (ItemKind.Integer, ItemKind.Integer) => InRange((long)a.Integer - b.Integer),
        (ItemKind.Date or ItemKind.DateTime or ItemKind.Time, ItemKind.Quantity) => Moved(a, -b.Decimal, b.Unit),
        (ItemKind.Quantity, _) or (_, ItemKind.Quantity) => OfQuantities("-", a, b, static (x, y) => Quantities.Add(x, y, -1)),
        _ => Decimals("-", a, b, static (x, y) => x - y)
    };

    public static Item Multiply(in Item a, in Item b) => (a.Kind, b.Kind) switch
    {
        (ItemKind.Integer, ItemKind.Integer) => InRange((long)a.Integer * b.Integer),
        (ItemKind.Quantity, _) or (_, ItemKind.Quantity) => OfQuantities("*", a, b, static (x, y) => Quantities.Multiply(x, y)),
        _ => Decimals("*", a, b, static (x, y) => x * y)
    };

    public static Item Divide(in Item a, in Item b) =>
        a.Kind == ItemKind.Quantity || b.Kind == ItemKind.Quantity
            ? OfQuantities("/", a, b, static (x, y) => Quantities.Divide(x, y))
            : Decimals("/", a, b, static (x, y) => y == 0 ? default(Item) : x / y);

    public static Item Div(in Item a, in Item b) =>
        Decimals("div", a, b, static (x, y) => y == 0 ? default : InRange(decimal.Truncate(x / y)));

    public static Item Mod(in Item a, in Item b)
    {
        if (a.Kind == ItemKind.Integer && b.Kind == ItemKind.Integer)
            return b.Integer is 0 ? default(Item) : (int)((long)a.Integer % b.Integer);
        return Decimals("mod", a, b, static (x, y) => y == 0 ? default(Item) : x % y);
    }

    public static Item Negate(in Item a) => a.Kind switch
    {
        ItemKind.Integer => InRange(-(long)a.Integer),
        ItemKind.Decimal => -a.Decimal,
        ItemKind.Quantity => Item.Of(-a.Decimal, a.Unit),
        _ => throw new FhirPathException($"`-` expects a number, found `{a.TypeName}`")
    };

    public static Item Join(string a, string b) =>
        a.Length + b.Length <= LongestText ? a + b : throw new FhirPathLimitException($"A string grows beyond {LongestText} characters");

    private static Item Moved(in Item moment, decimal amount, Unit unit) =>
        MomentArithmetic.Add(moment.Moment, amount, unit) is { } sum ? Item.Of(sum) : default;

    private static Item InRange(long value) => value is >= int.MinValue and <= int.MaxValue ? (int)value : default(Item);

    private static Item InRange(decimal value) => value is >= int.MinValue and <= int.MaxValue ? (int)value : default(Item);

    private static Item OfQuantities(string name, in Item a, in Item b, Func<Item, Item, Item> compute)
    {
        var (x, y) = (Quantities.From(a), Quantities.From(b));
        return x.Kind == ItemKind.Quantity && y.Kind == ItemKind.Quantity ? Guarded(x, y, compute) : throw Mismatch(name, a, b);
    }

    private static Item Guarded(in Item a, in Item b, Func<Item, Item, Item> compute)
    {
        try
        {
            return compute(a, b);
        }
        catch (OverflowException)
        {
            return default;
        }
    }

    private static Item Decimals(string name, in Item a, in Item b, Func<decimal, decimal, Item> compute)
    {
        if (!Numbers.Of(a, out var x) || !Numbers.Of(b, out var y)) throw Mismatch(name, a, b);
        try
        {
            return compute(x, y);
        }
        catch (OverflowException)
        {
            return default;
        }
    }

    private static FhirPathException Mismatch(string name, in Item a, in Item b) =>
        new($"`{name}` does not work on `{a.TypeName}` and `{b.TypeName}`");
}
