using System.Globalization;

namespace FhirCarePlan.Fhir.FhirPath.Values;

/// <summary>Reads UCUM expressions (`mg/dL`, `10*9/L`, `mm[Hg]`, `{score}`) down to base units. https://ucum.org/ucum</summary>
internal static class Ucum
{
    private const int LongestCode = 100, Deepest = 20, GreatestExponent = 30;

    /// <summary>Null when the code is not UCUM, or uses a unit that converts into nothing here.</summary>
    public static Measure? Measure(string code)
    {
        if (UcumUnits.Temperature(code) is { } temperature) return temperature;
        try
        {
            return Read(code) is { IsOpen: false } product ? new Measure(product.Factor, product.ToString()) : null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    /// <summary>True for a code that UCUM's grammar and table of units allow, whether or not it converts into others.</summary>
    public static bool IsCode(string code)
    {
        try
        {
            return code.Length > LongestCode || Read(code) != null;
        }
        catch (OverflowException)
        {
            return true;
        }
    }

    private static Product? Read(string code)
    {
        if (code.Length is 0 or > LongestCode) return null;
        var at = 0;
        var product = Term(code, ref at, 0);
        return at < code.Length ? null : product;
    }

    private sealed class Product
    {
        private readonly SortedDictionary<string, int> bases = new(StringComparer.Ordinal);
        public decimal Factor = 1;
        /// <summary>It has a unit whose size the table does not say.</summary>
        public bool IsOpen;

        public static Product Of(decimal factor) => new() { Factor = factor };
        public static Product Of(string baseUnit) => new() { bases = { [baseUnit] = 1 } };

        public void Multiply(Product other, int exponent)
        {
            IsOpen |= other.IsOpen;
            var power = 1m;
            for (var i = 0; i < Math.Abs(exponent); i++) power *= other.Factor;
            // Dividing last keeps thousandths exact.
            Factor = exponent < 0 ? Factor / power : Factor * power;
            foreach (var (name, count) in other.bases)
            {
                var sum = bases.GetValueOrDefault(name) + count * exponent;
                if (sum == 0) bases.Remove(name);
                else bases[name] = sum;
            }
        }

        public override string ToString() =>
            string.Join('.', bases.Select(b => b.Value == 1 ? b.Key : b.Key + b.Value.ToString(CultureInfo.InvariantCulture)));
    }

    private static Product? Term(string code, ref int at, int depth)
    {
        if (depth > Deepest) return null;
        var result = new Product();
        var sign = 1;
        if (at < code.Length && code[at] == '/') (sign, at) = (-1, at + 1);
        while (true)
        {
            if (Component(code, ref at, depth) is not { } component) return null;
            result.Multiply(component, sign);
            if (at == code.Length || code[at] == ')') return result;
            if (code[at] is not ('.' or '/')) return null;
            sign = code[at++] == '/' ? -1 : 1;
        }
    }

    private static Product? Component(string code, ref int at, int depth)
    {
        if (at == code.Length) return null;
        Product? unit;
        if (code[at] == '(')
        {
            at++;
            unit = Term(code, ref at, depth + 1);
            if (unit is null || at == code.Length || code[at++] != ')') return null;
        }
        else if (code[at] == '{') unit = new Product();
        else
        {
            var start = at;
            while (at < code.Length && char.IsAsciiDigit(code[at])) at++;
            if (at > start && (at == code.Length || code[at] is '.' or '/' or ')' or '{'))
                unit = decimal.TryParse(code.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    && number > 0 ? Product.Of(number) : null;
            else
            {
                at = start;
                unit = Simple(code, ref at, depth);
            }
        }
        return unit is null || !Annotation(code, ref at) ? null : unit;
    }

    private static bool Annotation(string code, ref int at)
    {
        while (at < code.Length && code[at] == '{')
        {
            at = code.IndexOf('}', at) + 1;
            if (at == 0) return false;
        }
        return true;
    }

    /// <summary>A unit with its prefix and exponent: `mm2`, `10*-3`.</summary>
    private static Product? Simple(string code, ref int at, int depth)
    {
        var start = at;
        var inBrackets = false;
        if (code.AsSpan(at).StartsWith("10*") || code.AsSpan(at).StartsWith("10^")) at += 3;
        else
            for (; at < code.Length; at++)
            {
                var c = code[at];
                if (c == '[') inBrackets = true;
                else if (c == ']') inBrackets = false;
                else if (!inBrackets && (c is '.' or '/' or '(' or ')' or '{' or '}' or '+' or '-' || char.IsAsciiDigit(c))) break;
            }
        var symbol = code[start..at];
        var exponent = 1;
        var exponentStart = at;
        if (at < code.Length && code[at] is '+' or '-') at++;
        while (at < code.Length && char.IsAsciiDigit(code[at])) at++;
        if (at > exponentStart
            && (!int.TryParse(code.AsSpan(exponentStart, at - exponentStart), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
            out exponent)
                                   || Math.Abs(exponent) > GreatestExponent))
            return null;
        if (Atom(symbol, depth) is not { } atom) return null;
        var unit = new Product();
        unit.Multiply(atom, exponent);
        return unit;
    }

    private static Product? Atom(string symbol, int depth)
    {
        if (Defined(symbol, depth, out _) is { } whole) return whole;
        foreach (var (prefix, factor) in UcumUnits.Prefixes)
        {
            if (symbol.Length <= prefix.Length || !symbol.StartsWith(prefix, StringComparison.Ordinal)) continue;
            if (Defined(symbol[prefix.Length..], depth, out var isMetric) is not { } rest || !isMetric) continue;
            rest.Multiply(Product.Of(factor), 1);
            return rest;
        }
        return null;
    }

    private static Product? Defined(string symbol, int depth, out bool isMetric)
    {
        if (UcumUnits.Bases.Contains(symbol))
        {
            isMetric = true;
            return Product.Of(symbol);
        }
        if (!UcumUnits.Derived.TryGetValue(symbol, out var unit))
        {
            isMetric = UcumUnits.IsOpenMetric(symbol);
            return isMetric || UcumUnits.Open.Contains(symbol) ? new Product { IsOpen = true } : null;
        }
        isMetric = unit.IsMetric;
        var at = 0;
        var product = Term(unit.Of, ref at, depth + 1);
        product?.Multiply(Product.Of(unit.Factor), 1);
        return product;
    }
}
