using System.Text;

namespace FhirCarePlan.Fhir.Search.Parsing;

/// <summary>https://hl7.org/fhir/R4/search.html#date</summary>
internal static class DateValue
{
    public const string Allowed =
        $"a date (YYYY, YYYY-MM, YYYY-MM-DD, or that with Thh:mm, Thh:mm:ss and perhaps Z or an offset), prefixed or not by "
        + $"{Prefixes.Allowed}";

    public static QueryValue? Read(string text, TimeZoneInfo zone, TimeProvider clock)
    {
        var prefix = Prefixes.Take(ref text);
        text = text.Replace(' ', '+'); // the + of an offset that the caller forgot to encode
        if (!DateRange.TryParse(Encoding.UTF8.GetBytes(text), zone, out var range)) return null;
        var (low, high) = range;
        if (prefix == Prefix.Ap)
        {
            // R4 recommends a tenth of the gap between now and the date.
            var now = clock.GetUtcNow().UtcTicks;
            var gap = (now < low ? low - now : now > high ? now - high : 0) / 10;
            (low, high) = (low - gap, high + gap);
        }
        return new QueryValue { Prefix = prefix, Low = low, High = high };
    }
}
