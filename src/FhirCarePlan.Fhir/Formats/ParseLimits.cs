using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Formats;

/// <summary>How large a body may be. https://hl7.org/fhir/R4/http.html</summary>
/// <param name="Depth">Nested objects and arrays of the JSON form, also for a body sent as XML, so that each form can be written as the
/// other.</param>
/// <param name="StringBytes">Bytes of a string in its JSON form, quotes included.</param>
/// <param name="Issues">The most issues reported for one body.</param>
public sealed record ParseLimits(int Depth = 60, int StringBytes = 1 << 20, int NumberDigits = 64, int Exponent = 400, int Issues = 200)
{
    public static ParseLimits Default { get; } = new();

    /// <summary>For bodies that this server wrote: nesting in a Bundle may add a little to what was accepted.</summary>
    public static ParseLimits Own { get; } = new(Depth: 400, StringBytes: int.MaxValue, NumberDigits: int.MaxValue);

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
