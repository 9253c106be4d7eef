using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FhirCarePlan.Fhir.FhirPath.Functions;

/// <summary>`encode`, `decode`, `escape`, `unescape`. http://hl7.org/fhirpath/#additional-string-functions</summary>
internal static class Encodings
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static Code Encode(Call call) => Recoded(call, (text, format) => format switch
    {
        "hex" => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)),
        "base64" => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)),
        "urlbase64" => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).Replace('+', '-').Replace('/', '_'),
        _ => default(Item)
    });

    public static Code Decode(Call call) => Recoded(call, (text, format) =>
    {
        try
        {
            return format switch
            {
                "hex" => Strict.GetString(Convert.FromHexString(text)),
                "base64" => Strict.GetString(Convert.FromBase64String(text)),
                "urlbase64" => Strict.GetString(Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/'))),
                _ => default(Item)
            };
        }
        catch (Exception broken) when (broken is FormatException or ArgumentException)
        {
            throw new FhirPathException($"`decode` cannot read the string as `{format}`");
        }
    });

    public static Code Escape(Call call) => Recoded(call, (text, format) => format switch
    {
        "html" => WebUtility.HtmlEncode(text),
        "json" => JsonEncodedText.Encode(Whole(text), JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(),
        _ => default(Item)
    });

    public static Code Unescape(Call call) => Recoded(call, (text, format) =>
    {
        if (format == "html") return WebUtility.HtmlDecode(text);
        if (format != "json") return default;
        try
        {
            // A bare quote needs no escape here: the string is not inside of one.
            var json = new StringBuilder("\"");
            for (var i = 0; i < text.Length; i++)
            {
                if (text[i] == '\\' && i + 1 < text.Length) json.Append(text[i++]).Append(text[i]);
                else json.Append(text[i] == '"' ? "\\\"" : text[i].ToString());
            }
            return JsonSerializer.Deserialize<string>(json.Append('"').ToString())!;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            throw new FhirPathException("`unescape` cannot read the string as `json`");
        }
    });

    /// <summary>Half a surrogate pair, which a literal may spell, becomes a replacement character.</summary>
    private static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static Code Recoded(Call call, Func<string, string, Item> recode)
    {
        var (argument, name) = (call.Argument(0), call.Name);
        return call.OfText((e, text) => Call.TryText(e, argument, name, out var format) ? recode(text, format) : default);
    }
}
