using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Formats;

/// <summary>How large a body may be. https://hl7.org/fhir/R4/http.html</summary>
/// <param name="Depth">Nested objects and arrays of the JSON form, also for a body sent as XML, so that each form can be written as the
/// other.</param>
/// <param name="StringLength">Characters of a string, counted as Unicode counts them.
/// https://hl7.org/fhir/R4/datatypes.html#string</param>
/// <param name="Base64Length">Letters of a base64 value: attachments of 20 MB, and a little more.</param>
/// <param name="Issues">The most issues reported for one body.</param>
/// <param name="AllowsEmpty">An object may be empty: for the values of a patch, whose result is read again without it.</param>
public sealed record ParseLimits(int Depth = 60, int StringLength = 1 << 20, int Base64Length = 28 << 20, int NumberDigits = 64, int Exponent = 400,
    int Issues = 200, bool AllowsEmpty = false)
{
    public static ParseLimits Default { get; } = new();

    /// <summary>For bodies that this server wrote: nesting in a Bundle may add a little to what was accepted.</summary>
    public static ParseLimits Own { get; } = new(Depth: 400, StringLength: int.MaxValue, Base64Length: int.MaxValue, NumberDigits: int.MaxValue);

    /// <summary>What is wrong with the length of a value; null when nothing is.</summary>
    /// <param name="text">In JSON, without its quotes.</param>
    internal string? TooLong(ReadOnlySpan<byte> text, TypeInfo type)
    {
        if (type.Name == "base64Binary") return text.Length > Base64Length ? $"is longer than {Base64Length} letters of base64" : null;
        return text.Length > StringLength && Characters(text) > StringLength ? $"is longer than {StringLength} characters" : null;
    }

    /// <summary>Of JSON text: an escape is one character, and so are the two escapes of a surrogate pair.</summary>
    private static int Characters(ReadOnlySpan<byte> text)
    {
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is >= 0x80 and < 0xC0) continue; // goes on with a character
            if (text[i] == '\\' && text[++i] == 'u')
            {
                i += 4;
                if (IsSecondHalf(text[i - 3], text[i - 2])) continue;
            }
            count++;
        }
        return count;
    }

    /// <summary>`\uDC00` to `\uDFFF`.</summary>
    private static bool IsSecondHalf(byte first, byte second) =>
        first is (byte)'d' or (byte)'D' && char.ToLowerInvariant((char)second) is >= 'c' and <= 'f';

    internal bool Allow(ReadOnlySpan<byte> number)
    {
        var mantissa = number.IndexOfAny((byte)'e', (byte)'E');
        var digits = 0;
        foreach (var b in mantissa < 0 ? number : number[..mantissa])
            if (char.IsAsciiDigit((char)b)) digits++;
        return digits <= NumberDigits
            && (mantissa < 0 || int.TryParse(number[(mantissa + 1)..], out var exponent) && exponent <= Exponent && exponent >= -Exponent);
    }
}

/// <summary>The faults of one body, as far as they are worth reporting.</summary>
internal struct ParseFaults(Report report, int most)
{
    private int count;

    public readonly bool Any => count > 0;
    /// <summary>No more faults will be reported, so reading may stop.</summary>
    public readonly bool IsFull => count > most;

    /// <summary>Counts a fault; true when it should be described.</summary>
    public bool Count()
    {
        if (++count == most + 1)
            report.Add(new Issue(IssueSeverity.Warning, IssueType.TooCostly, "",
                $"There are {most} issues already; more are not listed")
            { Key = "max-issues" });
        return count <= most;
    }

    /// <summary>A name from outside, short and without anything that could be more than a name.</summary>
    public static string Shown(ReadOnlySpan<char> name) =>
        new([.. name[..Math.Min(name.Length, 64)].ToString()
            .Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' ? c : '?')]);

    public readonly void Describe(string code, string location, (int Line, int Column) place, string key, string text) =>
        report.Add(new Issue(IssueSeverity.Error, code, location, text) { Key = key, Line = place.Line, Column = place.Column });
}
