using System.Buffers;
using System.Buffers.Text;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>How primitive types are written.</summary>
internal enum Format : byte
{
    None, String, Code, Id, Uri, Canonical, Oid, Uuid, Base64, Date, DateTime, Instant, Time, Integer, UnsignedInt, PositiveInt
}

/// <summary>The lexical rules of primitive types, each by hand: regular expressions would take most of the time, and a date is more
/// than its digits. https://hl7.org/fhir/R4/datatypes.html#primitive</summary>
internal static class PrimitiveFormat
{
    private static readonly SearchValues<byte> Controls =
        SearchValues.Create([.. Enumerable.Range(0, 32).Where(c => c is not (9 or 10 or 13)).Select(c => (byte)c)]);
    private static readonly SearchValues<byte> Spaces = SearchValues.Create(" \t\r\n\f\v"u8);
    private static readonly SearchValues<byte> IdBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-."u8);
    private static readonly SearchValues<byte> Base64Bytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8);

    public static Format Of(string type) => type switch
    {
        "string" or "markdown" => Format.String,
        "code" => Format.Code,
        "id" => Format.Id,
        "uri" or "url" => Format.Uri,
        "canonical" => Format.Canonical,
        "oid" => Format.Oid,
        "uuid" => Format.Uuid,
        "base64Binary" => Format.Base64,
        "date" => Format.Date,
        "dateTime" => Format.DateTime,
        "instant" => Format.Instant,
        "time" => Format.Time,
        "integer" => Format.Integer,
        "unsignedInt" => Format.UnsignedInt,
        "positiveInt" => Format.PositiveInt,
        _ => Format.None,
    };

    public static void Check(Node node, Format format, Run run)
    {
        var raw = node.Raw;
        if (raw[0] == '"')
        {
            raw = raw[1..^1];
            if (raw.Contains((byte)'\\'))
            {
                if (format == Format.String && raw.IndexOf("\\u00"u8) < 0 && raw.IndexOf("\\b"u8) < 0 && raw.IndexOf("\\f"u8) < 0) return;
                raw = node.Utf8;
            }
        }
        if (IsWellFormed(raw, format)) return;
        run.Error(IssueType.Value, node, "format", $"`{node.Name}` is not a valid `{node.Type.Name}`: {Allowed(format)}");
    }

    public static bool IsWellFormed(ReadOnlySpan<byte> value, Format format) => format switch
    {
        Format.String => !value.ContainsAny(Controls),
        Format.Code => IsCode(value),
        Format.Id => value.Length is > 0 and <= 64 && !value.ContainsAnyExcept(IdBytes),
        Format.Uri => IsUri(value),
        Format.Canonical => IsUri(value),
        Format.Oid => value.StartsWith("urn:oid:"u8) && IsOid(value[8..]),
        Format.Uuid => value.StartsWith("urn:uuid:"u8) && IsUuid(value[9..]),
        Format.Base64 => IsBase64(value),
        Format.Date => Calendar.IsDate(value),
        Format.DateTime => Calendar.IsDateTime(value),
        Format.Instant => Calendar.IsInstant(value),
        Format.Time => Calendar.IsTime(value),
        Format.Integer => IsInteger(value, int.MinValue),
        Format.UnsignedInt => IsInteger(value, 0),
        Format.PositiveInt => IsInteger(value, 1),
        _ => true,
    };

    private static string Allowed(Format format) => format switch
    {
        Format.String => "control characters are not allowed",
        Format.Code => "no white space at either end, and single spaces within",
        Format.Id => "1 to 64 letters, digits, `-` and `.`",
        Format.Uri or Format.Canonical => "no white space; after `urn:oid:` an OID, after `urn:uuid:` a UUID",
        Format.Oid => "`urn:oid:` and numbers with dots between",
        Format.Uuid => "`urn:uuid:` and 32 hexadecimal digits in groups of 8-4-4-4-12",
        Format.Base64 => "groups of four characters of the base64 alphabet",
        Format.Date => "`YYYY`, `YYYY-MM` or `YYYY-MM-DD`, a day of the calendar",
        Format.DateTime => "a date, or `YYYY-MM-DDThh:mm:ss` with `Z` or `+hh:mm`",
        Format.Instant => "`YYYY-MM-DDThh:mm:ss` with `Z` or `+hh:mm`",
        Format.Time => "`hh:mm:ss`",
        Format.Integer => "a whole number of 32 bits",
        Format.UnsignedInt => "a whole number from 0 to 2147483647",
        _ => "a whole number from 1 to 2147483647",
    };

    /// <summary>`\s` of the published pattern is one white space character; a non-breaking space is none of them.</summary>
    private static bool IsCode(ReadOnlySpan<byte> value)
    {
        var space = value.IndexOfAny(Spaces);
        if (space < 0) return !value.IsEmpty;
        if (space == 0 || Spaces.Contains(value[^1])) return false;
        for (var i = space; i < value.Length - 1; i++)
            if (Spaces.Contains(value[i]) && Spaces.Contains(value[i + 1])) return false;
        return true;
    }

    private static bool IsUri(ReadOnlySpan<byte> value)
    {
        if (value.ContainsAny(Spaces)) return false;
        if (!value.StartsWith("urn:"u8)) return true;
        if (value.StartsWith("urn:oid:"u8)) return IsOid(value[8..]);
        return !value.StartsWith("urn:uuid:"u8) || IsUuid(value[9..]);
    }

    private static bool IsOid(ReadOnlySpan<byte> value)
    {
        if (value.Length < 3 || value[0] is < (byte)'0' or > (byte)'2') return false;
        for (var i = 1; i < value.Length;)
        {
            if (value[i++] != '.' || i == value.Length || !char.IsAsciiDigit((char)value[i])) return false;
            if (value[i] == '0') i++;
            else
                while (i < value.Length && char.IsAsciiDigit((char)value[i])) i++;
        }
        return true;
    }

    private static bool IsUuid(ReadOnlySpan<byte> value)
    {
        if (value.Length != 36) return false;
        for (var i = 0; i < 36; i++)
            if (i is 8 or 13 or 18 or 23 ? value[i] != '-' : !char.IsAsciiHexDigit((char)value[i])) return false;
        return true;
    }

    private static bool IsBase64(ReadOnlySpan<byte> value)
    {
        var digits = 0;
        while (!value.IsEmpty)
        {
            var run = value.IndexOfAnyExcept(Base64Bytes);
            if (run < 0) return (digits + value.Length) % 4 == 0;
            digits += run;
            if (value[run] == '=') return EndsWithPadding(value[run..], digits);
            if (!Spaces.Contains(value[run])) return false;
            value = value[(run + 1)..];
        }
        return digits % 4 == 0;
    }

    private static bool EndsWithPadding(ReadOnlySpan<byte> rest, int digits)
    {
        var padding = 0;
        foreach (var b in rest)
            if (b == '=') padding++;
            else if (!Spaces.Contains(b)) return false;
        return padding <= 2 && (digits + padding) % 4 == 0;
    }

    private static bool IsInteger(ReadOnlySpan<byte> value, int least) =>
        Utf8Parser.TryParse(value, out int number, out var used) && used == value.Length && number >= least
        && (value[0] != '0' || value.Length == 1) && value[0] != '+';
}
