using System.Text;

namespace FhirCarePlan.Fhir.Search.Parsing;

/// <summary>`name=value` pairs of a URL or of a form, in order. https://url.spec.whatwg.org/#urlencoded-parsing</summary>
internal static class QueryString
{
    public static List<(string Name, string Value)> Read(string text)
    {
        var pairs = new List<(string, string)>();
        foreach (var range in text.AsSpan().TrimStart('?').Split('&'))
        {
            var pair = text.AsSpan().TrimStart('?')[range];
            if (pair.IsEmpty) continue;
            var equals = pair.IndexOf('=');
            pairs.Add(equals < 0 ? (Decode(pair), "") : (Decode(pair[..equals]), Decode(pair[(equals + 1)..])));
        }
        return pairs;
    }

    /// <summary>Adds a pair as a link carries it; `:`, `/`, `,` stay readable, as RFC 3986 allows in a query.</summary>
    public static void Append(StringBuilder link, string name, string value)
    {
        if (link.Length > 0) link.Append('&');
        link.Append(Encode(name)).Append('=').Append(Encode(value));
    }

    private static string Decode(ReadOnlySpan<char> text) => Uri.UnescapeDataString(text.ToString().Replace('+', ' '));

    private static string Encode(string text) =>
        Uri.EscapeDataString(text).Replace("%3A", ":", StringComparison.Ordinal).Replace("%2F", "/", StringComparison.Ordinal)
            .Replace("%2C", ",", StringComparison.Ordinal);
}
