using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using FhirCarePlan.Sharing.Labelling;

namespace FhirCarePlan.Sharing.Explain;

/// <summary>Why a caller sees what they see of a type: the answer of `{Type}/{id}/$explain`, as Parameters. It lists everything that the
/// type can carry and nothing of the resource's content, so it is the same for all resources with the same decision.
/// https://hl7.org/fhir/R4/parameters.html, src/docs/sharing.md#markers-and-refusals</summary>
public sealed class Explanation(Protocol protocol, ProtocolBits bits, Labeller labeller)
{
    /// <summary>Shape: `protocol` (canonical), `type`, `view` (whole | partial), then per category `category` with the parts `code`,
    /// `plain`, `permitted`, `gate`, `rule`*, `gateway`, `consent`*, `obligation`*, `clause`; where something is withheld, `ask`.</summary>
    public byte[] Write(string type, Decision decision)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            var isWhole = (labeller.WholeView(type) & ~decision.Permitted) == 0;
            json.WriteStartObject();
            json.WriteString("resourceType"u8, "Parameters"u8);
            json.WriteStartArray("parameter"u8);
            Write(json, "protocol", "valueCanonical", protocol.Canonical);
            Write(json, "type", "valueCode", type);
            Write(json, "view", "valueCode", isWhole ? "whole" : "partial");
            foreach (var reason in decision.Reasons)
                if ((bits.Of(reason.Category) & labeller.CanCarry(type)) != 0) Write(json, reason, decision);
            if (!isWhole)
                Write(json, "ask", "valueString", "Ask the organisation that holds the record, or your information governance lead.");
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private void Write(Utf8JsonWriter json, CategoryReason reason, Decision decision)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, "category"u8);
        json.WriteStartArray("part"u8);
        Write(json, "code", "valueCode", reason.Category);
        Write(json, "plain", "valueString", protocol.Category(reason.Category)?.Plain);
        json.WriteStartObject();
        json.WriteString("name"u8, "permitted"u8);
        json.WriteBoolean("valueBoolean"u8, reason.IsPermitted);
        json.WriteEndObject();
        Write(json, "gate", "valueCode", reason.Gate);
        foreach (var rule in reason.Rules) Write(json, "rule", "valueString", rule);
        Write(json, "gateway", "valueString", reason.Gateway);
        // Consents are a category of their own: a caller who may not see it is not told which Consent decided about the rest.
        if ((decision.Permitted & bits.Of(Category.Consent)) != 0)
            foreach (var consent in reason.Consents) Write(json, "consent", "valueString", consent);
        foreach (var obligation in reason.Obligations) Write(json, "obligation", "valueString", obligation);
        Write(json, "clause", "valueString", reason.Plain);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, string type, string? value)
    {
        if (string.IsNullOrWhiteSpace(value)) return;
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        json.WriteString(type, value);
        json.WriteEndObject();
    }
}
