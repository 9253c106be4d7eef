using System.Collections.Frozen;
using FhirCarePlan.Fhir.Definitions;

namespace FhirCarePlan.Fhir.Model;

/// <summary>The form a reference is written in, and so whether it can lead anywhere here. https://hl7.org/fhir/R4/references.html</summary>
public enum ReferenceKind
{
    /// <summary>No address and no identifier: absent, or a display alone.</summary>
    None,
    /// <summary>`Patient/1`, `Patient/1/_history/2`: a resource of this server.</summary>
    Local,
    /// <summary>`#p`, or `#` for the container itself.</summary>
    Contained,
    /// <summary>`urn:uuid:…`, `urn:oid:…`: an entry of the same bundle.</summary>
    Urn,
    /// <summary>`Patient?identifier=…`: the resource that a search finds when the transaction runs.</summary>
    Conditional,
    /// <summary>An absolute address that is not ours.</summary>
    Foreign,
    /// <summary>`url|version`.</summary>
    Canonical,
    /// <summary>An identifier without an address. https://hl7.org/fhir/R4/references.html#logical</summary>
    Identifier,
    /// <summary>`robin`, `Dragon/1`, `Patient/a b`: text that is none of these.</summary>
    Unreadable,
}

/// <summary>A reference as written, read once; only this type splits `Type/id`. The parts are made when asked for, so that reading one
/// allocates nothing. Documents that are stored or judged hold our own addresses as relative ones already, so only readers of a caller's
/// body need the base addresses.</summary>
public readonly record struct Reference
{
    private static readonly FrozenSet<string> Types = R4.ResourceTypes.ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> TypeBySpan =
        Types.GetAlternateLookup<ReadOnlySpan<char>>();

    private const string History = "/_history/";

    // Where the id, the version and the fragment begin and end in Text; 0 where there is none.
    private readonly int idEnd, versionEnd, fragmentStart;

    private Reference(ReferenceKind kind, string text, string? type = null, int idEnd = 0, int versionEnd = 0, int fragmentStart = 0) =>
        (Kind, Text, Type, this.idEnd, this.versionEnd, this.fragmentStart) = (kind, text, type, idEnd, versionEnd, fragmentStart);

    public ReferenceKind Kind { get; }
    /// <summary>As written; relative where it was absolute and ours. Null for None and Identifier.</summary>
    public string? Text { get; }
    /// <summary>The resource type that the address names: always for Local and Conditional, null for others.</summary>
    public string? Type { get; }

    public bool IsLocal => Kind == ReferenceKind.Local;
    public string? Id => IsLocal ? Text![(Type!.Length + 1)..idEnd] : null;
    public string? VersionId => versionEnd > 0 ? Text![(idEnd + History.Length)..versionEnd] : null;
    /// <summary>The part after `#`: the id of a contained resource.</summary>
    public string? Fragment => fragmentStart > 0 ? Text![fragmentStart..] : null;
    /// <summary>`Type/id`, without version and fragment; null when it is not local.</summary>
    public string? Local => !IsLocal ? null : idEnd == Text!.Length ? Text : Text[..idEnd];
    /// <summary>The address without a version, as the index keeps it.</summary>
    public string? Address => IsLocal ? Local
        : Kind == ReferenceKind.Foreign && Text!.IndexOf(History, StringComparison.Ordinal) is > 0 and var at ? Text[..at] : Text;

    /// <summary>`is ("Patient", var id)`, for a local one; both null otherwise.</summary>
    public void Deconstruct(out string? type, out string? id) => (type, id) = IsLocal ? (Type, Id) : (null, null);

    /// <summary>Of an element of type Reference, or of a primitive that holds an address. None for Missing.</summary>
    public static Reference Of(Node element)
    {
        if (element.IsMissing) return default;
        var text = element.Type.IsPrimitive ? element.Text : element.TextOf("reference");
        if (text is { Length: > 0 }) return Parse(text);
        return element.Type.IsPrimitive || element["identifier"].IsMissing ? default : new Reference(ReferenceKind.Identifier, null!);
    }

    /// <param name="own">Addresses of this server: references below them are local.</param>
    public static Reference Parse(string text, BaseAddresses? own = null)
    {
        if (text.Length == 0) return default;
        if (text[0] == '#') return new Reference(ReferenceKind.Contained, text, fragmentStart: 1);
        if (own?.Relative(text) is { } below && Parse(below) is { Kind: ReferenceKind.Local or ReferenceKind.Conditional } ours)
            return ours;
        if (ReadLocal(text) is { IsLocal: true } local) return local;
        var hash = text.IndexOf('#');
        if (text.StartsWith("urn:", StringComparison.OrdinalIgnoreCase))
            return new Reference(ReferenceKind.Urn, text, fragmentStart: hash + 1);
        var query = text.IndexOf('?');
        if (query > 0 && TypeBySpan.TryGetValue(text.AsSpan(0, query), out var type))
            return new Reference(ReferenceKind.Conditional, text, type);
        if (text.Contains('|')) return new Reference(ReferenceKind.Canonical, text);
        return new Reference(HasScheme(text) ? ReferenceKind.Foreign : ReferenceKind.Unreadable, text, fragmentStart: hash + 1);
    }

    /// <summary>Of the text `Type/id` alone, as keys are written: no version, no fragment.</summary>
    public static bool TryKey(ReadOnlySpan<char> text, out string type, out ReadOnlySpan<char> id)
    {
        id = default;
        if (!TryType(text, out type) || !IsId(text[(type.Length + 1)..])) return false;
        id = text[(type.Length + 1)..];
        return true;
    }

    private static Reference ReadLocal(string text)
    {
        if (!TryType(text, out var type)) return default;
        var start = type.Length + 1;
        var end = start + IdLength(text.AsSpan(start));
        if (end == start) return default;
        var (at, version) = (end, 0);
        if (text.AsSpan(at).StartsWith(History) && IdLength(text.AsSpan(at + History.Length)) is > 0 and var length)
            at = version = at + History.Length + length;
        if (at == text.Length) return new Reference(ReferenceKind.Local, text, type, end, version);
        return text[at] == '#' ? new Reference(ReferenceKind.Local, text, type, end, version, at + 1) : default;
    }

    private static bool TryType(ReadOnlySpan<char> text, out string type)
    {
        type = "";
        if (text.IndexOf('/') is not (> 0 and var slash) || !TypeBySpan.TryGetValue(text[..slash], out var known)) return false;
        type = known;
        return true;
    }

    /// <summary>How many of the first characters make an id; 0 when they are too many.</summary>
    private static int IdLength(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && (char.IsAsciiLetterOrDigit(text[length]) || text[length] is '-' or '.')) length++;
        return length > 64 ? 0 : length;
    }

    private static bool HasScheme(string text)
    {
        var colon = text.IndexOf(':');
        if (colon <= 0 || !char.IsAsciiLetter(text[0])) return false;
        foreach (var c in text.AsSpan(0, colon))
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '-' or '.')) return false;
        return true;
    }

    /// <summary>https://hl7.org/fhir/R4/datatypes.html#id</summary>
    public static bool IsId(ReadOnlySpan<char> text) => text.Length > 0 && IdLength(text) == text.Length;

    public static bool IsType(string name) => Types.Contains(name);

    /// <summary>The type that an address names, on any server: Patient of `https://other/fhir/Patient/1/_history/2` and of
    /// `Patient?identifier=1`; null for `#p`, `urn:…` and other addresses that do not name one.</summary>
    public static string? NamedType(ReadOnlySpan<char> address) =>
        TypeBySpan.TryGetValue(ReferenceText.TypePart(address), out var type) ? type : null;

    /// <summary>The same over UTF-8, for the validator: empty when the address does not tell.</summary>
    public static ReadOnlySpan<byte> NamedType(ReadOnlySpan<byte> address) =>
        ReferenceText.TypePart(address) is var part && ReferenceText.IsType(part) ? part : default;

    /// <summary>The segment where an address names a type, whether or not it is one.</summary>
    public static ReadOnlySpan<byte> TypePart(ReadOnlySpan<byte> address) => ReferenceText.TypePart(address);

    /// <summary>The base of the server in an absolute address of a resource: `https://a.example/fhir` of
    /// `https://a.example/fhir/Patient/1`; null for any other address.</summary>
    public static string? BaseOf(string address) =>
        address.StartsWith("http", StringComparison.OrdinalIgnoreCase) && NamedType(address) is { } type
            && address.LastIndexOf($"/{type}/", StringComparison.Ordinal) is > 0 and var at ? address[..at] : null;

    /// <summary>`Patient` of `http://hl7.org/fhir/StructureDefinition/Patient`: the last part of any address.</summary>
    public static string LastPart(string address) => address[(address.LastIndexOf('/') + 1)..];
}
