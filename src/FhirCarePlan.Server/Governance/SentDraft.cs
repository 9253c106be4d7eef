using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace FhirCarePlan.Server.Governance;

/// <summary>Takes in a draft: a form with the text or the file, or the YAML itself with the question in the address. It never touches the
/// disk.</summary>
internal static class SentDraft
{
    /// <summary>With the draft, what else the form or the address asks; or the refusal.</summary>
    public static async Task<(byte[] Draft, SharingQuery Query, SharingAnswer? Refusal)> Read(HttpRequest request, CancellationToken cancel)
    {
        var inAddress = new SharingQuery(name => request.Query[name]);
        if (request.ContentLength > 2 * DraftPage.MostBytes) return ([], inAddress, TooLarge);
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } most) most.MaxRequestBodySize = 2 * DraftPage.MostBytes;
        try
        {
            return request.HasFormContentType ? await Form(request, cancel) : await Body(request, inAddress, cancel);
        }
        catch (BadHttpRequestException broken)
        {
            return ([], inAddress, broken.StatusCode == StatusCodes.Status413PayloadTooLarge ? TooLarge : Unreadable);
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException && !cancel.IsCancellationRequested)
        {
            return ([], inAddress, Unreadable);
        }
    }

    private static async Task<(byte[], SharingQuery, SharingAnswer?)> Form(HttpRequest request, CancellationToken cancel)
    {
        const int most = 2 * DraftPage.MostBytes;
        // The threshold is above what may be sent, so that no part is put into a file.
        var form = await request.ReadFormAsync(new FormOptions
        {
            MemoryBufferThreshold = most + 1, BufferBodyLengthLimit = most, MultipartBodyLengthLimit = most, ValueLengthLimit = most, ValueCountLimit = 32, KeyLengthLimit = 64,
        }, cancel);
        var query = new SharingQuery(name => form[name] is { Count: > 0 } said ? said : request.Query[name]);
        // A browser sends a text field with CR LF at the ends of lines.
        var draft = form.Files.FirstOrDefault(f => f.Length > 0) is { } file ? await All(file.OpenReadStream(), cancel)
            : Encoding.UTF8.GetBytes(form["draft"].ToString().Replace("\r\n", "\n", StringComparison.Ordinal));
        return Bounded(draft, query);
    }

    private static async Task<(byte[], SharingQuery, SharingAnswer?)> Body(HttpRequest request, SharingQuery query, CancellationToken cancel)
    {
        var type = request.GetTypedHeaders().ContentType?.MediaType.Value?.ToLowerInvariant();
        if (type is not ("application/yaml" or "application/x-yaml" or "text/yaml" or "text/plain"))
            return ([], query, SharingAnswer.Refuse(415, DraftPage.Section, "Send a draft as application/yaml, or as a form with `draft` or `file`"));
        return Bounded(await All(request.Body, cancel), query);
    }

    private static (byte[], SharingQuery, SharingAnswer?) Bounded(byte[] draft, SharingQuery query) =>
        draft.Length > DraftPage.MostBytes ? ([], query, TooLarge)
        : draft.Length == 0 ? ([], query, SharingAnswer.Refuse(400, DraftPage.Section, "The form has no draft. Paste the text of one, or choose a file")) : (draft, query, null);

    private static async Task<byte[]> All(Stream stream, CancellationToken cancel)
    {
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, cancel);
        return bytes.ToArray();
    }

    private static SharingAnswer TooLarge => SharingAnswer.Refuse(413, DraftPage.Section, $"A draft has at most {DraftPage.MostBytes >> 10} kB");
    private static SharingAnswer Unreadable => SharingAnswer.Refuse(400, DraftPage.Section, "What was sent cannot be read as a form");
}
