using System.Globalization;
using System.Text.Json.Nodes;

namespace FhirCarePlan.Fhir.Patching;

/// <summary>A place in a JSON document: `/name/0/family`. https://www.rfc-editor.org/rfc/rfc6901</summary>
internal sealed record JsonPointer(string[] Parts)
{
    public bool IsRoot => Parts.Length == 0;
    public string Last => Parts[^1];

    /// <summary>Null if the text is not a JSON Pointer (RFC 6901).</summary>
    public static JsonPointer? Parse(string text)
    {
        if (text.Length == 0) return new([]);
        if (text[0] != '/') return null;
        var parts = text[1..].Split('/');
        for (var i = 0; i < parts.Length; i++)
        {
            if (!IsEscaped(parts[i])) return null;
            parts[i] = parts[i].Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
        }
        return new(parts);
    }

    private static bool IsEscaped(string part)
    {
        for (var at = part.IndexOf('~'); at >= 0; at = part.IndexOf('~', at + 1))
            if (at + 1 == part.Length || part[at + 1] is not ('0' or '1')) return false;
        return true;
    }

    /// <summary>What the first `length` parts lead to. A JSON null is a null node.</summary>
    public bool TryFind(JsonNode? root, int length, out JsonNode? found)
    {
        found = root;
        for (var i = 0; i < length; i++)
            switch (found)
            {
                case JsonObject members:
                    if (!members.TryGetPropertyValue(Parts[i], out found)) return false;
                    break;
                case JsonArray items:
                    if (Index(Parts[i], items.Count - 1) is not { } at) return false;
                    found = items[at];
                    break;
                default: return false;
            }
        return true;
    }

    /// <summary>Digits without a leading zero, up to `most`; null for anything else.</summary>
    public static int? Index(string part, int most) =>
        part is "0" or [>= '1' and <= '9', ..] && int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= most
            ? index : null;

    /// <summary>The other one lies below this one.</summary>
    public bool IsAbove(JsonPointer other) => other.Parts.Length > Parts.Length && other.Parts.AsSpan(0, Parts.Length).SequenceEqual(Parts);
}
