using System.Buffers;
using System.Text.Json;

namespace FhirCarePlan.Sharing.Views;

/// <summary>The marks in `meta` of every partial view of a type, whether or not anything was cut here: the label REDACTED, the tag
/// SUBSETTED and one notice with the withheld categories and the clause. They depend on caller, mask and type alone.
/// src/docs/sharing.md#markers-and-refusals</summary>
public sealed class ViewMarks
{
    public const string WithheldUrl = "https://fhir.cpa.example/StructureDefinition/Extension-CPA-Withheld";

    /// <param name="withheld">Category ids, in the protocol's order.</param>
    /// <param name="clause">Why, in plain words.</param>
    /// <param name="ask">How the caller can ask for access; null where the agreement gives no way.</param>
    public ViewMarks(IEnumerable<string> withheld, string clause, string? ask)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer,
            new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartArray("extension"u8);
            foreach (var category in withheld) WritePart(json, "category"u8, "valueCode"u8, category);
            WritePart(json, "clause"u8, "valueString"u8, clause);
            if (ask != null) WritePart(json, "ask"u8, "valueString"u8, ask);
            json.WriteEndArray();
            json.WriteString("url"u8, WithheldUrl);
            json.WriteEndObject();
        }
        notice = buffer.WrittenSpan.ToArray();
    }

    private readonly byte[] notice;

    internal ReadOnlySpan<byte> Notice => notice;
    internal int Length => notice.Length + Redacted.Length + Subsetted.Length;

    internal static ReadOnlySpan<byte> Redacted =>
        """{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"REDACTED"}"""u8;
    internal static ReadOnlySpan<byte> Subsetted =>
        """{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}"""u8;

    private static void WritePart(Utf8JsonWriter json, ReadOnlySpan<byte> url, ReadOnlySpan<byte> name, string value)
    {
        json.WriteStartObject();
        json.WriteString("url"u8, url);
        json.WriteString(name, value);
        json.WriteEndObject();
    }
}
