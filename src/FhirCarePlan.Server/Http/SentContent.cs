using System.Buffers;
using System.Buffers.Text;
using System.Net.Mime;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Requests;
using Microsoft.Net.Http.Headers;

namespace FhirCarePlan.Server.Http;

/// <summary>Content that is sent in place of a Binary: it becomes the Binary that holds it, with `X-Security-Context` as its
/// `securityContext`. It is encoded while it comes, so that it is never held twice. https://hl7.org/fhir/R4/binary.html#rest</summary>
internal sealed class SentContent
{
    private const string SecurityContext = "X-Security-Context";
    /// <summary>Bytes that base64 encodes without padding.</summary>
    private const int Block = 3 << 14;
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> binary;
    private readonly byte[] block = new byte[Block];
    private int held;
    private bool hasData;

    /// <summary>The most bytes that fit into a base64 value.</summary>
    public static int Most { get; } = ParseLimits.Default.Base64Length / 4 * 3;

    public SentContent(HttpRequest request, string mediaType, long length)
    {
        binary = new ArrayBufferWriter<byte>((int)Math.Min(length, Block) / 3 * 4 + 512);
        using var json = new Utf8JsonWriter(binary, Options);
        json.WriteStartObject();
        json.WriteString("resourceType", "Binary");
        if (request.RouteValues["id"] is string id) json.WriteString("id", id);
        json.WriteString("contentType", mediaType);
        if (request.Headers[SecurityContext] is [{ } context])
        {
            json.WriteStartObject("securityContext");
            json.WriteString("reference", context.Trim());
            json.WriteEndObject();
        }
        json.Flush();
    }

    public static bool IsTaken(Interaction interaction, string type) => type == "Binary" && interaction.Body == BodyKind.Resource;

    /// <summary>The media type of what was sent; null for a header that is none.</summary>
    public static string? MediaType(HttpRequest request) =>
        string.IsNullOrEmpty(request.ContentType) ? MediaTypeNames.Application.Octet
        : MediaTypeHeaderValue.TryParse(request.ContentType, out var media) && !media.MatchesAllSubTypes ? media.ToString() : null;

    /// <summary>A body in a format of FHIR is content like any other, unless it is a Binary. One that says to be FHIR and is not well formed is
    /// left to the reader of resources, who says where.</summary>
    public static bool IsOther(ReadOnlySpan<byte> body, ResourceFormat format, string mediaType) =>
        IsBinary(body, format) is { } isBinary ? !isBinary : !mediaType.Contains("fhir", StringComparison.OrdinalIgnoreCase);

    /// <summary>400 for a header that names no resource, or one beside a Binary that may say otherwise.</summary>
    public static Answer? Check(HttpRequest request, bool isContent)
    {
        var header = request.Headers[SecurityContext];
        if (header.Count == 0 || isContent && header.Count == 1 && !string.IsNullOrWhiteSpace(header)) return null;
        return Answer.Refuse(AnswerKind.Malformed, IssueType.Invalid, isContent ? $"The header {SecurityContext} holds one reference: `Patient/[id]`"
            : $"The header {SecurityContext} goes with content that is not a Binary; a Binary says it in `securityContext`", key: "security-context");
    }

    public Memory<byte> Room => block.AsMemory(held);

    public void Advance(int count)
    {
        if ((held += count) == Block) Encode();
    }

    public ReadOnlyMemory<byte> Done()
    {
        Encode();
        binary.Write(hasData ? "\"}"u8 : "}"u8);
        return binary.WrittenMemory;
    }

    public static ReadOnlyMemory<byte> Hold(HttpRequest request, string mediaType, ReadOnlySpan<byte> content)
    {
        var sent = new SentContent(request, mediaType, content.Length);
        while (!content.IsEmpty)
        {
            var part = Math.Min(content.Length, sent.Room.Length);
            content[..part].CopyTo(sent.Room.Span);
            sent.Advance(part);
            content = content[part..];
        }
        return sent.Done();
    }

    private void Encode()
    {
        if (held == 0) return;
        if (!hasData) binary.Write(",\"data\":\""u8);
        hasData = true;
        Base64.EncodeToUtf8(block.AsSpan(0, held), binary.GetSpan(Base64.GetMaxEncodedToUtf8Length(held)), out _, out var written);
        binary.Advance(written);
        held = 0;
    }

    /// <summary>Null for what is not well formed.</summary>
    private static bool? IsBinary(ReadOnlySpan<byte> body, ResourceFormat format)
    {
        try
        {
            if (format == ResourceFormat.Json) return IsBinary(new Utf8JsonReader(body.StartsWith("\uFEFF"u8) ? body[3..] : body));
            using var xml = XmlReader.Create(new MemoryStream(body[..Math.Min(body.Length, 4096)].ToArray()), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return xml.MoveToContent() == XmlNodeType.Element && xml.LocalName == "Binary";
        }
        catch (Exception e) when (e is JsonException or XmlException)
        {
            return null;
        }
    }

    private static bool IsBinary(Utf8JsonReader json)
    {
        var isBinary = false;
        while (json.Read())
            if (json.TokenType == JsonTokenType.PropertyName && json.CurrentDepth == 1 && json.ValueTextEquals("resourceType"u8))
                isBinary = json.Read() && json.TokenType == JsonTokenType.String && json.ValueTextEquals("Binary"u8);
        return isBinary;
    }
}
