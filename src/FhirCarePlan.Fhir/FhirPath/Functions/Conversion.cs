using System.Globalization;
using FhirCarePlan.Fhir.FhirPath.Operators;
using FhirCarePlan.Fhir.FhirPath.Values;

namespace FhirCarePlan.Fhir.FhirPath.Functions;

/// <summary>What cannot be converted is empty. http://hl7.org/fhirpath/N1/#conversion</summary>
internal static class Conversion
{
    /// <summary>Evaluates the branch taken only. Unlike other conditions the criterion must be a boolean.</summary>
    public static Code Iif(Call call)
    {
        var (criterion, then, otherwise) = (call.Argument(0), call.Argument(1).Run, call.Optional(2)?.Run);
        if (call.Term.Input is null) return Code.Of(e => Branch(e)?.Invoke(e));
        var run = call.Input.Run;
        return Code.Of(e =>
        {
            var start = e.Top;
            run(e);
            e.TakeOne(start, out var item, "iif");
            var scope = new Scope(e);
            scope.Enter(e, item, 0);
            Branch(e)?.Invoke(e);
            scope.Leave(e);
        });

        Run? Branch(Evaluation e)
        {
            var start = e.Top;
            criterion.Run(e);
            if (!e.TakeOne(start, out var item, "iif")) return otherwise;
            var value = SystemValue.Of(item);
            if (value.Kind != ItemKind.Boolean)
                throw new FhirPathException($"`iif` expects a boolean as criterion, found `{item.TypeName}`");
            return value.Boolean ? then : otherwise;
        }
    }

    /// <summary>`convertsToX` is true where `toX` is not empty.</summary>
    public static Func<Call, Code> ConvertsTo(Func<Call, Code> conversion) => call =>
    {
        var (input, convert) = (call.Input.Run, conversion(call).Run);
        return Code.OfTruth(e =>
        {
            var start = e.Top;
            input(e);
            if (!e.TakeOne(start, out _, call.Name)) return Truth.Empty;
            convert(e);
            var any = e.Top > start;
            e.Top = start;
            return any ? Truth.True : Truth.False;
        });
    };

    public static Code ToBoolean(Call call) => call.OfValue((Evaluation _, in Item value) => value.Kind switch
    {
        ItemKind.Boolean => value,
        ItemKind.Integer when value.Integer is 0 or 1 => value.Integer == 1,
        ItemKind.Decimal when value.Decimal is 0 or 1 => value.Decimal == 1,
        ItemKind.String => value.String.ToLowerInvariant() switch
        {
            "true" or "t" or "yes" or "y" or "1" or "1.0" => true,
            "false" or "f" or "no" or "n" or "0" or "0.0" => false,
            _ => default(Item)
        },
        _ => default
    });

    public static Code ToInteger(Call call) => call.OfValue((Evaluation _, in Item value) => value.Kind switch
    {
        ItemKind.Integer => value,
        ItemKind.Boolean => value.Boolean ? 1 : 0,
        ItemKind.String =>
            int.TryParse(value.String, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number : default(Item),
        _ => default
    });

    public static Code ToDecimal(Call call) => call.OfValue((Evaluation _, in Item value) => value.Kind switch
    {
        ItemKind.Decimal => value,
        ItemKind.Integer => (decimal)value.Integer,
        ItemKind.Boolean => value.Boolean ? 1m : 0m,
        ItemKind.String => TryDecimal(value.String, out var number) ? number : default(Item),
        _ => default
    });

    public static Code ToDate(Call call) => call.OfValue((Evaluation _, in Item value) => value.Kind switch
    {
        ItemKind.Date => value,
        ItemKind.DateTime => Item.Of(value.Moment.AsDate()),
        ItemKind.String => Parsed(value, ItemKind.Date) is { IsNone: false } date ? date
            : Parsed(value, ItemKind.DateTime) is { IsNone: false } time ? Item.Of(time.Moment.AsDate()) : default,
        _ => default
    });

    public static Code ToDateTime(Call call) => call.OfValue((Evaluation _, in Item value) => value.Kind switch
    {
        ItemKind.DateTime => value,
        ItemKind.Date => Item.Of(value.Moment.AsDateTime()),
        ItemKind.String => Parsed(value, ItemKind.DateTime),
        _ => default
    });

    public static Code ToTime(Call call) => call.OfValue((Evaluation _, in Item value) => value.Kind switch
    {
        ItemKind.Time => value,
        ItemKind.String => Parsed(value, ItemKind.Time),
        _ => default
    });

    private static Item Parsed(in Item text, ItemKind kind)
    {
        Span<char> buffer = stackalloc char[40];
        return MomentParser.Try(kind, TextView.Of(text).Chars(buffer), out var moment) ? Item.Of(moment) : default;
    }

    public static Code ToText(Call call) => call.OfItem((Evaluation _, in Item item) =>
    {
        if (!item.IsNode) return item.Kind == ItemKind.String ? item : item.Text!;
        var kind = SystemValue.KindOf(item);
        if (kind == ItemKind.Quantity) return SystemValue.Of(item).Text is { } quantity ? quantity : default(Item);
        return kind == ItemKind.None ? default : TextView.Copy(item.Node);
    });

    /// <summary>`toQuantity()`, `toQuantity('kg')`</summary>
    public static Code ToQuantity(Call call)
    {
        var unit = call.Optional(0);
        return call.OfValue((Evaluation e, in Item value) =>
        {
            var quantity = value.Kind switch
            {
                ItemKind.Quantity => value,
                ItemKind.Integer or ItemKind.Decimal => Quantities.From(value),
                ItemKind.Boolean => Item.Of(value.Boolean ? 1 : 0, Unit.One),
                ItemKind.String => Quantity(value.String),
                _ => default
            };
            if (unit is null || quantity.IsNone) return quantity;
            if (!Call.TryText(e, unit, "toQuantity", out var code)) return default;
            var to = Unit.Calendar(code) ?? Unit.Of(code);
            return Quantities.Convert(quantity, to) is { } number ? Item.Of(number, to) : default;
        });
    }

    /// <summary>`4`, `4.5 'mg'`, `4 days`; a UCUM code needs its quotes.</summary>
    private static Item Quantity(string text)
    {
        var end = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] is '+' or '-' or '.')) end++;
        if (!TryDecimal(text[..end], out var value)) return default;
        var unit = text[end..].Trim();
        if (unit.Length == 0) return Item.Of(value, Unit.One);
        if (unit.Length > 2 && unit[0] == '\'' && unit[^1] == '\'') return Item.Of(value, Unit.Of(unit[1..^1]));
        return Unit.Calendar(unit) is { } calendar && end < text.Length && char.IsWhiteSpace(text[end])
            ? Item.Of(value, calendar) : default;
    }

    /// <summary>Digits on both sides of the point, no exponent.</summary>
    private static bool TryDecimal(string text, out decimal value)
    {
        value = 0;
        return text.Length > 0 && char.IsAsciiDigit(text[^1]) && text[0] != '.'
            && !(text[0] is '+' or '-' && text.AsSpan(1).StartsWith("."))
            && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                out value);
    }
}
