using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FhirCarePlan.Server.Answers;

/// <summary>Writes a Bundle around bodies that are written already. Order of calls: total, links, entries. A searchset has no id and no
/// time, so that equal questions give equal bytes. https://hl7.org/fhir/R4/bundle.html</summary>
public sealed class BundleWriter
{
    private readonly ArrayBufferWriter<byte> buffer = new(4096);
    private readonly Utf8JsonWriter json;
    private string? open;

    /// <param name="identifier">Of a document: a URI; with `at`, the time it was made.</param>
    public BundleWriter(string type, string? identifier = null, DateTimeOffset? at = null)
    {
        json = new Utf8JsonWriter(buffer,
            new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
        json.WriteStartObject();
        json.WriteString("resourceType", "Bundle");
        if (identifier != null)
        {
            json.WriteStartObject("identifier");
            json.WriteString("system", "urn:ietf:rfc:3986");
            json.WriteString("value", identifier);
            json.WriteEndObject();
        }
        json.WriteString("type", type);
        if (at is { } made) json.WriteString("timestamp", Instant.Text(made));
    }

    /// <summary>An entry of a `$match`. https://hl7.org/fhir/R4/patient-operation-match.html</summary>
    /// <param name="grade">https://hl7.org/fhir/R4/valueset-match-grade.html</param>
    public void Match(string fullUrl, ReadOnlyMemory<byte> resource, decimal score, string grade)
    {
        Open("entry");
        json.WriteStartObject();
        json.WriteString("fullUrl", fullUrl);
        Raw("resource", resource);
        json.WriteStartObject("search");
        json.WriteStartArray("extension");
        json.WriteStartObject();
        json.WriteString("url", "http://hl7.org/fhir/StructureDefinition/match-grade");
        json.WriteString("valueCode", grade);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteString("mode", "match");
        json.WriteNumber("score", score);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>How long it is so far.</summary>
    public long Length => json.BytesCommitted + json.BytesPending;

    public void Total(int total) => json.WriteNumber("total", total);

    public void Link(string relation, string url)
    {
        Open("link");
        json.WriteStartObject();
        json.WriteString("relation", relation);
        json.WriteString("url", url);
        json.WriteEndObject();
    }

    public void Entry(string? fullUrl, ReadOnlyMemory<byte> resource, string? mode = null, string? method = null, string? url = null,
        string? status = null, string? location = null, string? etag = null, DateTimeOffset? lastModified = null,
            ReadOnlyMemory<byte> outcome = default)
    {
        Open("entry");
        json.WriteStartObject();
        if (fullUrl != null) json.WriteString("fullUrl", fullUrl);
        if (!resource.IsEmpty) Raw("resource", resource);
        if (mode != null)
        {
            json.WriteStartObject("search");
            json.WriteString("mode", mode);
            json.WriteEndObject();
        }
        if (method != null)
        {
            json.WriteStartObject("request");
            json.WriteString("method", method);
            json.WriteString("url", url);
            json.WriteEndObject();
        }
        if (status != null)
        {
            json.WriteStartObject("response");
            json.WriteString("status", status);
            if (location != null) json.WriteString("location", location);
            if (etag != null) json.WriteString("etag", etag);
            if (lastModified is { } modified) json.WriteString("lastModified", Instant.Text(modified));
            if (!outcome.IsEmpty) Raw("outcome", outcome);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    public ReadOnlyMemory<byte> Done()
    {
        if (open != null) json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        json.Dispose();
        return buffer.WrittenMemory;
    }

    private void Raw(string name, ReadOnlyMemory<byte> resource)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(resource.Span, skipInputValidation: true);
    }

    private void Open(string array)
    {
        if (open == array) return;
        if (open != null) json.WriteEndArray();
        json.WriteStartArray(open = array);
    }
}
