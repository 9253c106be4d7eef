using System.Globalization;

namespace FhirCarePlan.Sharing.Writing;

/// <summary>The span that a partial FHIR date covers. https://hl7.org/fhir/R4/datatypes.html#dateTime</summary>
internal static class Dates
{
    /// <summary>First moment, and the first moment after; null when the text is no date.</summary>
    public static (DateTimeOffset First, DateTimeOffset After)? Bounds(string text)
    {
        var culture = CultureInfo.InvariantCulture;
        if (text.Length == 4 && DateTime.TryParseExact(text, "yyyy", culture, DateTimeStyles.None, out var year)) return Span(year, year.Year < 9999 ? year.AddYears(1) : DateTime.MaxValue);
        if (text.Length == 7 && DateTime.TryParseExact(text, "yyyy-MM", culture, DateTimeStyles.None, out var month)) return Span(month, month.AddMonths(1));
        if (text.Length == 10 && DateTime.TryParseExact(text, "yyyy-MM-dd", culture, DateTimeStyles.None, out var day)) return Span(day, day.AddDays(1));
        return text.Length > 10 && DateTimeOffset.TryParse(text, culture, DateTimeStyles.AssumeUniversal, out var moment) ? (moment, moment.AddSeconds(1)) : null;

        static (DateTimeOffset, DateTimeOffset) Span(DateTime first, DateTime after) => (new DateTimeOffset(first, TimeSpan.Zero), new DateTimeOffset(after, TimeSpan.Zero));
    }
}
