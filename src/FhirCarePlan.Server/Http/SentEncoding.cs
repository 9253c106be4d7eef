using System.IO.Compression;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;

namespace FhirCarePlan.Server.Http;

/// <summary>The body of a request, unpacked if `Content-Encoding` says that it is packed. Whoever reads it counts what comes out, so a small
/// body that unpacks to a huge one is refused at the same limit as a huge one. https://www.rfc-editor.org/rfc/rfc9110#section-8.4</summary>
internal static class SentEncoding
{
    private const string Read = $"{AnswerEncoding.Brotli}, {AnswerEncoding.Gzip}";

    /// <summary>Null: an encoding that is not read, or several of them.</summary>
    public static Stream? Of(HttpRequest request) => request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant() switch
    {
        "" or "identity" => request.Body,
        "gzip" or "x-gzip" => new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true),
        "br" => new BrotliStream(request.Body, CompressionMode.Decompress, leaveOpen: true),
        _ => null,
    };

    /// <summary>415 with the encodings that are read. https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3</summary>
    public static Answer NotRead(HttpResponse response)
    {
        response.Headers.AcceptEncoding = Read;
        return Answer.Refuse(AnswerKind.UnsupportedMedia, IssueType.NotSupported, $"This server reads the encodings {Read}, one at a time", key: "encoding");
    }

    /// <summary>The framework's decoders do not tell an end from a break. A resource that ends early does not parse; other content would be stored
    /// short, and lines would be missing.</summary>
    public static Answer NotForContent { get; } = Answer.Refuse(AnswerKind.UnsupportedMedia, IssueType.NotSupported,
        "Content in place of a Binary, and the lines of an import, are taken without `Content-Encoding`; send them unpacked, or content as a Binary resource", key: "encoding");

    public static bool IsPacked(HttpRequest request, Stream stream) => !ReferenceEquals(stream, request.Body);

    /// <summary>What the framework's decoders throw for bytes that are not what the header says.</summary>
    public static bool IsBroken(Exception e) => e is InvalidDataException or InvalidOperationException;

    public static Answer Broken { get; } = Answer.Refuse(AnswerKind.Malformed, IssueType.Structure,
        "The body is not packed as `Content-Encoding` says, or it ended early", key: "encoding");
}
