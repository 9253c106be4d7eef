using System.Globalization;

namespace FhirCarePlan.Fhir.Search.Parsing;

/// <summary>Numbers, and quantities as `number`, `number|system|code` or `number||code`.
/// https://hl7.org/fhir/R4/search.html#number, https://hl7.org/fhir/R4/search.html#quantity</summary>
internal static class NumberValue
{
    public const string Allowed = $"a number, prefixed or not by {Prefixes.Allowed}";
    public const string QuantityAllowed = $"number, number|system|code or number||code, prefixed or not by {Prefixes.Allowed}";

    public static QueryValue? Read(string text)
    {
        var prefix = Prefixes.Take(ref text);
        if (!IsNumber(text, out var halfUnit) || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            || !double.IsFinite(number))
            return null;
        var (low, high) = prefix switch
        {
            Prefix.Eq or Prefix.Ne => Precise(text, number, halfUnit),
            Prefix.Ap => (number - Math.Abs(number) / 10, number + Math.Abs(number) / 10),
            _ => (number, number),
        };
        return double.IsFinite(low) && double.IsFinite(high)
            ? new QueryValue { Prefix = prefix, Number = number, NumberLow = low, NumberHigh = high } : null;
    }

    public static QueryValue? ReadQuantity(string text)
    {
        var pieces = Escapes.Split(text, '|');
        if (pieces.Count is not (1 or 3) || Read(pieces[0]) is not { } number) return null;
        if (pieces.Count == 1) return number;
        string system = Escapes.Remove(pieces[1]), code = Escapes.Remove(pieces[2]);
        if (system.Length == 0) return code.Length == 0 ? number : number with { Value = code, Text = code };
        return number with { System = system, Value = code.Length == 0 ? null : code };
    }

    /// <summary>With its precision it still is a decimal.</summary>
    private const decimal Largest = 1e27m;

    /// <summary>The same quantity in the base units of UCUM, for rows in other units; null where there are none.</summary>
    public static QueryValue? InBase(string text, QueryValue read, SearchParameter? inBase)
    {
        if (inBase is null || BaseUnits.Of(read.System, read.Value) is not { } units) return null;
        text = Escapes.Split(text, '|')[0];
        Prefixes.Take(ref text);
        if (!IsNumber(text, out var halfUnit) || halfUnit is < 1e-15 or > 1e15 || !decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) || Math.Abs(exact) > Largest) return null;
        var width = read.Prefix switch { Prefix.Eq or Prefix.Ne => (decimal)halfUnit, Prefix.Ap => Math.Abs(exact) / 10, _ => 0 };
        if (units.Convert(exact - width) is not { } low || units.Convert(exact + width) is not { } high) return null;
        // The upper end rounds to the next number: 5.45 is not 5.4.
        if (read.Prefix is Prefix.Eq or Prefix.Ne) high = Math.Max(low, Math.BitDecrement(high));
        return read with { In = inBase, System = null, Value = units.Dimension, Text = null, NumberLow = low, NumberHigh = high };
    }

    /// <summary>What rounds to the number as written: 100 is 99.5 up to but not including 100.5, 100.00 is 99.995 to 100.005.</summary>
    private static (double Low, double High) Precise(string text, double number, double halfUnit)
    {
        if (Math.Abs(number) < 1e15 && halfUnit > 1e-15
            && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact))
            return ((double)(exact - (decimal)halfUnit), Math.BitDecrement((double)(exact + (decimal)halfUnit)));
        return (number - halfUnit, Math.Max(number, Math.BitDecrement(number + halfUnit)));
    }

    /// <summary>Half of the last written digit's unit. With an exponent R4's own example, 1e2 for 95 to 105, counts one digit
    /// more.</summary>
    private static bool IsNumber(string text, out double halfUnit)
    {
        halfUnit = 0;
        int at = 0, fraction = 0;
        if (at < text.Length && text[at] is '-' or '+') at++;
        if (Digits(text, ref at) == 0) return false;
        if (at < text.Length && text[at] == '.')
        {
            at++;
            fraction = Digits(text, ref at);
            if (fraction == 0) return false;
        }
        var exponent = 0;
        if (at < text.Length && text[at] is 'e' or 'E')
        {
            if (!int.TryParse(text.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)
                || exponent is < -400 or > 400) return false;
            fraction = Math.Max(fraction, 1);
            at = text.Length;
        }
        halfUnit = 0.5 * Math.Pow(10, exponent - fraction);
        return at == text.Length;
    }

    private static int Digits(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        return at - start;
    }
}
