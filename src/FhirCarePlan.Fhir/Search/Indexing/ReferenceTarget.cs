using System.Collections.Frozen;
using FhirCarePlan.Fhir.Definitions;

namespace FhirCarePlan.Fhir.Search.Indexing;

/// <summary>What a reference as written points at: a resource here (`Type`, `Id`) or an address elsewhere. A version is left off.
/// https://hl7.org/fhir/R4/references.html#literal</summary>
public readonly record struct ReferenceTarget(string Type, string? Id, string? Address)
{
    private static readonly FrozenSet<string> Types = R4.ResourceTypes.ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> TypeBySpan = Types.GetAlternateLookup<ReadOnlySpan<char>>();

    public bool IsLocal => Id != null;
    public bool IsContained => Address is ['#', ..];

    /// <param name="baseUrl">Of this server, without a slash at the end; null when it has no address.</param>
    public static ReferenceTarget Of(string text, string? baseUrl)
    {
        ReadOnlySpan<char> rest = text;
        if (baseUrl != null && text.Length > baseUrl.Length && text[baseUrl.Length] == '/' && text.StartsWith(baseUrl, StringComparison.Ordinal))
            rest = rest[(baseUrl.Length + 1)..];
        if (IsTypeAndId(WithoutVersion(rest), out var type, out var id)) return new(type, id, null);
        var address = WithoutVersion(text);
        return new("", null, address.Length == text.Length ? text : address.ToString());
    }

    private static ReadOnlySpan<char> WithoutVersion(ReadOnlySpan<char> address) =>
        address.IndexOf("/_history/", StringComparison.Ordinal) is >= 0 and var at ? address[..at] : address;

    /// <summary>`Patient/1` → Patient and 1.</summary>
    public static bool IsTypeAndId(ReadOnlySpan<char> text, out string type, out string id)
    {
        (type, id) = ("", "");
        var slash = text.IndexOf('/');
        if (slash <= 0 || !TypeBySpan.TryGetValue(text[..slash], out var known) || !IsId(text[(slash + 1)..])) return false;
        (type, id) = (known, text[(slash + 1)..].ToString());
        return true;
    }

    /// <summary>The type an absolute address names before its last part: `http://other/fhir/Patient/1` → Patient; "" when none.</summary>
    public static string TypeOf(ReadOnlySpan<char> address)
    {
        address = WithoutVersion(address);
        var last = address.LastIndexOf('/');
        if (last <= 0) return "";
        var before = address[..last];
        return TypeBySpan.TryGetValue(before[(before.LastIndexOf('/') + 1)..], out var type) ? type : "";
    }

    public static bool IsType(string name) => Types.Contains(name);

    /// <summary>https://hl7.org/fhir/R4/datatypes.html#id</summary>
    public static bool IsId(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > 64) return false;
        foreach (var c in text)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.')) return false;
        return true;
    }
}
