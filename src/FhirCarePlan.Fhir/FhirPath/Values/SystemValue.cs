using System.Globalization;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.FhirPath.Values;

/// <summary>The System value that a FHIR element turns into when an operator needs one.
/// https://hl7.org/fhir/R4/fhirpath.html#types</summary>
internal static class SystemValue
{
    public const string UcumSystem = "http://unitsofmeasure.org";

    public static ItemKind KindOf(TypeInfo type) => type.Kind switch
    {
        TypeKind.Primitive => type.Name switch
        {
            "boolean" => ItemKind.Boolean,
            "integer" or "positiveInt" or "unsignedInt" => ItemKind.Integer,
            "decimal" => ItemKind.Decimal,
            "date" => ItemKind.Date,
            "dateTime" or "instant" => ItemKind.DateTime,
            "time" => ItemKind.Time,
            _ => ItemKind.String
        },
        TypeKind.Complex when type.Is("Quantity") => ItemKind.Quantity,
        _ => ItemKind.None
    };

    /// <summary>None for elements without a value; cheaper than `Of` where the kind is enough.</summary>
    public static ItemKind KindOf(in Item item)
    {
        if (!item.IsNode) return item.Kind;
        var node = item.Node;
        var kind = node.Type.SystemKind;
        return kind is ItemKind.None or ItemKind.Quantity || node.HasValue ? kind : ItemKind.None;
    }

    /// <summary>None when the element has no value, has one that its type does not allow (`2013-02-30`), or has one that .NET cannot
    /// hold.</summary>
    public static Item Of(in Item item) => item.IsNode ? Of(item, KindOf(item)) : item;

    /// <summary>As above, for an item whose kind is known.</summary>
    public static Item Of(in Item item, ItemKind kind)
    {
        if (!item.IsNode) return item;
        var node = item.Node;
        switch (kind)
        {
            case ItemKind.Boolean: return node.ValueEquals("true"u8) ? true : node.ValueEquals("false"u8) ? false : default(Item);
            case ItemKind.Integer: return Integer(node);
            case ItemKind.Decimal: return Decimal(node, out var number) ? number : default(Item);
            case ItemKind.String: return node.Text!;
            case ItemKind.Date or ItemKind.DateTime or ItemKind.Time:
                return MomentParser.Try(kind, node.Utf8, out var moment) ? Item.Of(moment) : default;
            case ItemKind.Quantity: return Quantity(node);
            default: return default;
        }
    }

    public static bool Decimal(Node node, out decimal value) =>
        decimal.TryParse(node.Utf8, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    private static Item Integer(Node node) =>
        int.TryParse(node.Utf8, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : default(Item);

    /// <summary>A quantity with a comparator (`&lt; 5 mg`) is not a single value, and an amount of money is not a quantity. Without a UCUM
    /// code the `unit` counts.</summary>
    private static Item Quantity(Node node)
    {
        var value = node["value"];
        if (value.IsMissing || !value.HasValue || !Decimal(value, out var number) || !node["comparator"].IsMissing) return default;
        var code = node["code"];
        if (code.IsMissing || !code.HasValue) code = node["unit"];
        return Item.Of(number, code.IsMissing || !code.HasValue ? Unit.One : Unit.Of(code.Text!));
    }
}
