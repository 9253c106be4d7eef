using System.Buffers;
using System.Text.Json;
using FhirCarePlan.Fhir.FhirPath.Values;
using FhirCarePlan.Fhir.Formats;

namespace FhirCarePlan.Fhir.FhirPath;

/// <summary>Items as JSON, for callers outside the program: primitives as their value, numbers as written, dates and times as strings,
/// computed quantities as `{value, code, system}`, types as `{namespace, name}`, elements as their own JSON.</summary>
public static class ItemJson
{
    private const string CalendarUnits = "http://hl7.org/fhirpath/CodeSystem/calendar-units";

    public static void Write(in Item item, Utf8JsonWriter json)
    {
        switch (item.Kind)
        {
            case ItemKind.None: json.WriteNullValue(); break;
            case ItemKind.Node: WriteNode(item, json); break;
            case ItemKind.Boolean: json.WriteBooleanValue(item.Boolean); break;
            case ItemKind.Integer: json.WriteNumberValue(item.Integer); break;
            case ItemKind.Decimal: json.WriteNumberValue(item.Decimal); break;
            case ItemKind.Quantity:
                json.WriteStartObject();
                json.WriteNumber("value", item.Decimal);
                json.WriteString("code", item.UnitCode);
                json.WriteString("system", item.HasCalendarUnit ? CalendarUnits : SystemValue.UcumSystem);
                json.WriteEndObject();
                break;
            case ItemKind.Type:
                json.WriteStartObject();
                if (item.Type.Namespace is { } space) json.WriteString("namespace", space);
                json.WriteString("name", item.Type.Name);
                json.WriteEndObject();
                break;
            default: json.WriteStringValue(item.Text); break;
        }
    }

    private static void WriteNode(in Item item, Utf8JsonWriter json)
    {
        var node = item.Node;
        if (node.HasValue)
        {
            json.WriteRawValue(node.Raw, skipInputValidation: true);
            return;
        }
        var own = new ArrayBufferWriter<byte>();
        CanonicalJson.Write(node, own);
        if (own.WrittenCount == 0) json.WriteNullValue();
        else json.WriteRawValue(own.WrittenSpan, skipInputValidation: true);
    }
}
