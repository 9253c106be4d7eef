using System.IO.Compression;
using FhirCarePlan.Server.Settings;
using Microsoft.Net.Http.Headers;

namespace FhirCarePlan.Server.Http;

/// <summary>Compresses an answer as `Accept-Encoding` prefers: `br` or `gzip`. What is small stays as it is, and so does what goes to a page
/// of another origin: there, text that a stranger chose may be mixed with what the caller alone may read, and the length of the compressed
/// answer would tell of it (src/docs/decisions.md#compression). https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3</summary>
public static class AnswerEncoding
{
    public const string Brotli = "br", Gzip = "gzip";

    /// <summary>Below this the saving is not worth the work.</summary>
    private const int Least = 1024;
    /// <summary>Above this speed counts for more than size.</summary>
    private const int Large = 1 << 20;

    /// <summary>Null: as it is.</summary>
    public static string? Of(HttpRequest request, int length) =>
        length < Least || request.Headers.AcceptEncoding.Count == 0 || IsFromElsewhere(request)
            || !request.HttpContext.RequestServices.GetRequiredService<ServerSettings>().Compresses ? null : Preferred(request.Headers.AcceptEncoding);

    /// <summary>The body of an answer that is written piece by piece, compressed if the client takes that.</summary>
    public static Stream Open(HttpContext http, string mediaType)
    {
        var response = http.Response;
        response.ContentType = mediaType;
        response.Headers.CacheControl = "private, no-store";
        response.Headers.Vary = "Authorization, Accept, Accept-Encoding";
        if (Of(http.Request, int.MaxValue) is not { } encoding) return response.Body;
        response.Headers.ContentEncoding = encoding;
        return encoding == Brotli ? new BrotliStream(response.Body, CompressionLevel.Fastest, leaveOpen: true) : new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
    }

    public static ReadOnlyMemory<byte> Write(string encoding, ReadOnlyMemory<byte> body)
    {
        var isLarge = body.Length > Large;
        if (encoding == Brotli)
        {
            var room = new byte[BrotliEncoder.GetMaxCompressedLength(body.Length)];
            if (!BrotliEncoder.TryCompress(body.Span, room, out var written, quality: isLarge ? 1 : 4, window: 22))
                throw new InvalidDataException("an answer does not fit into its own size");
            return room.AsMemory(0, written);
        }
        using var packed = new MemoryStream(body.Length / 4 + 64);
        using (var gzip = new GZipStream(packed, isLarge ? CompressionLevel.Fastest : CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(body.Span);
        return packed.GetBuffer().AsMemory(0, (int)packed.Length);
    }

    /// <summary>A browser names the origin of a page that asks across origins.</summary>
    private static bool IsFromElsewhere(HttpRequest request) =>
        request.Headers.Origin.Count > 0 && request.Headers.Origin != $"{request.Scheme}://{request.Host}";

    private static string? Preferred(IList<string?> accepted)
    {
        if (!StringWithQualityHeaderValue.TryParseList(accepted!, out var ranges)) return null;
        var (brotli, gzip) = (Quality(Brotli) ?? Quality("*") ?? 0, Quality(Gzip) ?? Quality("x-gzip") ?? Quality("*") ?? 0);
        // Without a compressed form that is wished for at least as much, the plain one.
        var plain = Quality("identity") ?? 0;
        return Math.Max(brotli, gzip) is var best && (best <= 0 || best < plain) ? null : brotli >= gzip ? Brotli : Gzip;

        double? Quality(string name) =>
            ranges.FirstOrDefault(r => r.Value.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } range ? range.Quality ?? 1 : null;
    }
}
