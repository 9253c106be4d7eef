using System.Buffers.Text;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Search.Indexing;

/// <summary>Numbers and quantities. https://hl7.org/fhir/R4/search.html#number, https://hl7.org/fhir/R4/search.html#quantity</summary>
internal static class QuantityRows
{
    private const string Currency = "urn:iso:std:iso:4217";

    public static void Add(Node value, RowWriter into)
    {
        switch (value.Type.Name)
        {
            case "decimal" or "integer" or "positiveInt" or "unsignedInt":
                if (TryNumber(value, out var number)) Write(value, default, number, number, number, into);
                break;
            case "Money":
                if (TryNumber(value["value"], out number))
                    Write(value, new(Currency, value.TextOf("currency"), value.TextOf("currency")), number, number, number, into);
                break;
            case "Range": Range(value, into); break;
            default:
                if (value.Type.Is("Quantity")) Quantity(value, into);
                break;
        }
    }

    private static void Quantity(Node quantity, RowWriter into)
    {
        if (!TryNumber(quantity["value"], out var number)) return;
        var (low, high) = quantity.TextOf("comparator") switch
        {
            "<" => (double.MinValue, Math.BitDecrement(number)),
            "<=" => (double.MinValue, number),
            ">=" => (number, double.MaxValue),
            ">" => (Math.BitIncrement(number), double.MaxValue),
            _ => (number, number),
        };
        Write(quantity, Unit.Of(quantity), number, low, high, into);
    }

    private static void Range(Node range, RowWriter into)
    {
        var hasLow = TryNumber(range["low"]["value"], out var low);
        var hasHigh = TryNumber(range["high"]["value"], out var high);
        if (!hasLow && !hasHigh) return;
        Write(range, Unit.Of(range[hasLow ? "low" : "high"]), hasLow ? low : high, hasLow ? low : double.MinValue, hasHigh ? high
            : double.MaxValue, into);
    }

    private static bool TryNumber(Node node, out double number)
    {
        number = 0;
        return !node.IsMissing && Utf8Parser.TryParse(node.Raw, out number, out var read) && read == node.Raw.Length
            && double.IsFinite(number);
    }

    private static void Write(Node node, Unit unit, double number, double low, double high, RowWriter into)
    {
        into.Write(new IndexEntry(into.Parameter, into.Parameter.Type, node.Index)
        {
            System = unit.System ?? "", Value = unit.Code, Text = unit.Text, Number = number, NumberLow = low, NumberHigh = high,
        });
        if (into.Parameter.InBase is { } inBase && BaseUnits.Of(unit.System, unit.Code) is { } measure) WriteInBase(node, inBase, measure, into);
    }

    /// <summary>From the exact decimals, so that 100 ug and 0.1 mg are one number.</summary>
    private static void WriteInBase(Node node, SearchParameter inBase, BaseUnits measure, RowWriter into)
    {
        double? low, high, number;
        if (node.Type.Name == "Range")
        {
            // Both ends in the unit of one of them: of different units nothing can be said.
            if (!node["low"].IsMissing && !node["high"].IsMissing && node["low"].TextOf("code") != node["high"].TextOf("code")) return;
            (low, high) = (measure.Convert(node["low"].TextOf("value")), measure.Convert(node["high"].TextOf("value")));
            number = low ?? high;
            (low, high) = (low ?? double.MinValue, high ?? double.MaxValue);
        }
        else
        {
            number = measure.Convert(node.TextOf("value"));
            (low, high) = node.TextOf("comparator") switch
            {
                "<" => (double.MinValue, Math.BitDecrement(number ?? 0)),
                "<=" => (double.MinValue, number),
                ">=" => (number, double.MaxValue),
                ">" => (Math.BitIncrement(number ?? 0), double.MaxValue),
                _ => (number, number),
            };
        }
        if (number is not { } value) return;
        into.Write(new IndexEntry(inBase, SearchType.Quantity, node.Index)
        {
            System = "", Value = measure.Dimension, Number = value, NumberLow = low ?? value, NumberHigh = high ?? value,
        });
    }

    private readonly record struct Unit(string? System, string? Code, string? Text)
    {
        public static Unit Of(Node quantity) => new(quantity.TextOf("system"), quantity.TextOf("code"), quantity.TextOf("unit"));
    }
}
