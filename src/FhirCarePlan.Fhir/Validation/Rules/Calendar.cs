namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>Dates and times as R4 writes them; `2013-02-30` has the form of a date but is not one.
/// https://hl7.org/fhir/R4/datatypes.html#date</summary>
internal static class Calendar
{
    /// <summary>`2024`, `2024-02`, `2024-02-29`.</summary>
    public static bool IsDate(ReadOnlySpan<byte> value) => value.Length is 4 or 7 or 10 && IsDay(value);

    /// <summary>A date; or one with time and zone.</summary>
    public static bool IsDateTime(ReadOnlySpan<byte> value) => value.Length <= 10 ? IsDate(value) : IsInstant(value);

    public static bool IsInstant(ReadOnlySpan<byte> value)
    {
        if (value.Length < 20 || value[10] != 'T' || !IsDay(value[..10])) return false;
        var zone = value.LastIndexOfAny((byte)'Z', (byte)'+', (byte)'-');
        return zone > 10 && IsTime(value[11..zone]) && IsZone(value[zone..]);
    }

    /// <summary>`23:59:60` is a leap second; `24:00:00` is not allowed.</summary>
    public static bool IsTime(ReadOnlySpan<byte> value)
    {
        if (value.Length < 8 || value[2] != ':' || value[5] != ':') return false;
        if (Number(value[..2]) > 23 || Number(value.Slice(3, 2)) > 59 || Number(value.Slice(6, 2)) > 60) return false;
        if (value.Length == 8) return true;
        return value[8] == '.' && value.Length > 9 && !value[9..].ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    private static bool IsZone(ReadOnlySpan<byte> value)
    {
        if (value[0] == 'Z') return value.Length == 1;
        if (value.Length != 6 || value[3] != ':') return false;
        var minutes = Number(value[4..]);
        return Number(value.Slice(1, 2)) switch { < 14 => minutes <= 59, 14 => minutes == 0, _ => false };
    }

    private static bool IsDay(ReadOnlySpan<byte> value)
    {
        if (value.Length < 4) return false;
        int century = Number(value[..2]), rest = Number(value.Slice(2, 2));
        if (century > 99 || rest > 99 || century + rest == 0) return false;
        if (value.Length == 4) return true;
        if (value.Length < 7 || value[4] != '-') return false;
        var month = Number(value.Slice(5, 2));
        if (month is < 1 or > 12) return false;
        if (value.Length == 7) return true;
        if (value.Length != 10 || value[7] != '-') return false;
        var day = Number(value[8..]);
        return day >= 1 && day <= DateTime.DaysInMonth(century * 100 + rest, month);
    }

    /// <summary>Two digits as a number; 100 when they are not digits.</summary>
    private static int Number(ReadOnlySpan<byte> digits)
    {
        int tens = digits[0] - '0', ones = digits[1] - '0';
        return (uint)tens > 9 || (uint)ones > 9 ? 100 : tens * 10 + ones;
    }
}
