using FhirCarePlan.Fhir.FhirPath.Operators;

namespace FhirCarePlan.Fhir.FhirPath.Functions;

/// <summary>An operation without a result (the root of a negative number) gives an empty collection.
/// http://hl7.org/fhirpath/N1/#math</summary>
internal static class Mathematics
{
    public static Code Abs(Call call) => call.OfValue((Evaluation _, in Item value) => value.Kind switch
    {
        ItemKind.Integer => value.Integer == int.MinValue ? default(Item) : Math.Abs(value.Integer),
        ItemKind.Decimal => Math.Abs(value.Decimal),
        ItemKind.Quantity => Item.Of(Math.Abs(value.Decimal), value.Unit),
        _ => throw NoNumber("abs", value)
    });

    public static Code Ceiling(Call call) => Whole(call, decimal.Ceiling);
    public static Code Floor(Call call) => Whole(call, decimal.Floor);
    public static Code Truncate(Call call) => Whole(call, decimal.Truncate);

    private static Code Whole(Call call, Func<decimal, decimal> cut) => OfNumber(call, (_, value) =>
        cut(value) is >= int.MinValue and <= int.MaxValue and var whole ? (int)whole : cut(value));

    public static Code Exp(Call call) => OfNumber(call, (_, value) => From(Math.Exp((double)value)));
    public static Code Ln(Call call) => OfNumber(call, (_, value) => From(Math.Log((double)value)));
    public static Code Sqrt(Call call) => OfNumber(call, (_, value) => From(Math.Sqrt((double)value)));

    public static Code Log(Call call)
    {
        var argument = call.Argument(0);
        return OfNumber(call, (e, value) => TryNumber(e, argument, "log", out var by) ? From(Math.Log((double)value) / Math.Log((double)by))
            : default);
    }

    /// <summary>Whole powers are exact; an integer stays one.</summary>
    public static Code Power(Call call)
    {
        var argument = call.Argument(0);
        return call.OfValue((Evaluation e, in Item value) =>
        {
            if (!Numbers.Of(value, out var number)) throw NoNumber("power", value);
            if (!Call.TryOne(e, argument, "power", out var by)) return default;
            if (!Numbers.Of(by, out var exponent)) throw NoNumber("power", by);
            if (exponent != decimal.Truncate(exponent) || Math.Abs(exponent) > 200) return From(Math.Pow((double)number, (double)exponent));
            if (number == 0 && exponent < 0) return default;
            try
            {
                var result = 1m;
                for (var i = 0; i < Math.Abs(exponent); i++) result *= number;
                if (exponent < 0) return result == 0 ? default(Item) : 1 / result;
                return value.Kind == ItemKind.Integer && result is >= int.MinValue and <= int.MaxValue ? (int)result : result;
            }
            catch (OverflowException)
            {
                return default;
            }
        });
    }

    public static Code Round(Call call)
    {
        var argument = call.Optional(0);
        return OfNumber(call, (e, value) =>
        {
            var digits = 0;
            if (argument != null && !Call.TryInteger(e, argument, "round", out digits)) return default;
            if (digits < 0) throw new FhirPathException("`round` expects a precision of 0 or more");
            return decimal.Round(value, Math.Min(digits, 28), MidpointRounding.AwayFromZero);
        });
    }

    private static Code OfNumber(Call call, Func<Evaluation, decimal, Item> compute)
    {
        var name = call.Name;
        return call.OfValue((Evaluation e, in Item value) => Numbers.Of(value, out var number)
            ? compute(e, number) : throw NoNumber(name, value));
    }

    private static bool TryNumber(Evaluation e, Code argument, string taker, out decimal number)
    {
        number = 0;
        return Call.TryOne(e, argument, taker, out var value) && (Numbers.Of(value, out number) ? true : throw NoNumber(taker, value));
    }

    private static Item From(double value) =>
        double.IsFinite(value) && Math.Abs(value) < 7.9e28 ? (decimal)value : default(Item);

    private static FhirPathException NoNumber(string name, in Item value) => new($"`{name}` expects a number, found `{value.TypeName}`");
}
