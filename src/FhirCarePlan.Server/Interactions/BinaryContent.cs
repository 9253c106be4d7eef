using System.Net.Mime;
using System.Text;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;
using Microsoft.Net.Http.Headers;

namespace FhirCarePlan.Server.Interactions;

/// <summary>The content of a Binary in place of the resource, for who asks for it. https://hl7.org/fhir/R4/binary.html#rest</summary>
internal static class BinaryContent
{
    public const string Type = "Binary";

    /// <summary>The same answer where the resource itself is wanted.</summary>
    /// <param name="shown">The Binary as the caller sees it.</param>
    public static Answer Of(Work work, FhirRequest request, Answer shown)
    {
        if (request.Type != Type || request.AcceptsContent is not { } wanted) return shown;
        var binary = work.Reading.Parse(shown.Body).Root;
        var stated = Stated(binary.TextOf("contentType"));
        if (wanted.Count > 0 && !wanted.Contains(stated?.MediaType.Value, StringComparer.OrdinalIgnoreCase)) return shown;
        return shown with { Content = new(stated?.ToString() ?? MediaTypeNames.Application.Octet, Base64(binary["data"], shown.Body), binary["securityContext"].TextOf("reference")) };
    }

    /// <summary>Null for a text that cannot be a header.</summary>
    private static MediaTypeHeaderValue? Stated(string? text) =>
        text != null && text.All(c => c is >= ' ' and <= '~') && MediaTypeHeaderValue.TryParse(text, out var media) && media is { MatchesAllSubTypes: false } ? media : null;

    /// <summary>Without another copy, where the resource was parsed in place and the value is written plainly.</summary>
    private static ReadOnlyMemory<byte> Base64(Fhir.Model.Node data, ReadOnlyMemory<byte> body)
    {
        if (data.IsMissing || !data.HasValue) return default;
        if (!data.HasEscapes && !data.Raw.Contains((byte)' ') && body.Span.Overlaps(data.Raw, out var at)) return Exact(body.Slice(at + 1, data.Raw.Length - 2));
        // R4 allows white space in base64.
        return Exact(Encoding.ASCII.GetBytes(string.Concat(data.Text!.Where(c => !char.IsWhiteSpace(c)))));
    }

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /// <summary>Bits of the last letter that stand for nothing are 0 where .NET decodes; R4 does not ask that.
    /// https://www.rfc-editor.org/rfc/rfc4648#section-3.5</summary>
    private static ReadOnlyMemory<byte> Exact(ReadOnlyMemory<byte> base64)
    {
        if (base64.Length < 4 || base64.Span[^1] != '=') return base64;
        var (last, used) = base64.Span[^2] == '=' ? (base64.Length - 3, 0x30) : (base64.Length - 2, 0x3C);
        var value = Alphabet.IndexOf((char)base64.Span[last], StringComparison.Ordinal);
        if (value < 0 || (value & ~used) == 0) return base64;
        var exact = base64.ToArray();
        exact[last] = (byte)Alphabet[value & used];
        return exact;
    }
}
