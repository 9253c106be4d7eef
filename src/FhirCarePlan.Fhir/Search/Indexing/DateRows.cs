using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Search.Indexing;

/// <summary>https://hl7.org/fhir/R4/search.html#date</summary>
internal static class DateRows
{
    public static void Add(Node value, RowWriter into)
    {
        switch (value.Type.Name)
        {
            case "date" or "dateTime" or "instant":
                if (DateRange.TryParse(value.Utf8, into.Zone, out var range)) Write(value, range, into);
                break;
            case "Period":
                if (TryPeriod(value, into.Zone, out range)) Write(value, range, into);
                break;
            case "Timing":
                if (TryTiming(value, into.Zone, out range)) Write(value, range, into);
                break;
        }
    }

    /// <summary>A period without start or end is open on that side; without both it says nothing.</summary>
    private static bool TryPeriod(Node period, TimeZoneInfo zone, out DateRange range)
    {
        Node start = period["start"], end = period["end"];
        range = new DateRange(long.MinValue, long.MaxValue);
        var known = false;
        if (!start.IsMissing && DateRange.TryParse(start.Utf8, zone, out var first))
            (range, known) = (range with { Low = first.Low }, true);
        if (!end.IsMissing && DateRange.TryParse(end.Utf8, zone, out var last)) (range, known) = (range with { High = last.High }, true);
        return known;
    }

    /// <summary>Only the outer limits of a schedule count.</summary>
    private static bool TryTiming(Node timing, TimeZoneInfo zone, out DateRange range)
    {
        range = new DateRange(long.MaxValue, long.MinValue);
        var bounds = timing["repeat"]["bounds"];
        if (!bounds.IsMissing && bounds.Type.Name == "Period" && TryPeriod(bounds, zone, out var period)) range = period;
        foreach (var happening in timing.All("event"))
            if (DateRange.TryParse(happening.Utf8, zone, out var when))
                range = new DateRange(Math.Min(range.Low, when.Low), Math.Max(range.High, when.High));
        return range.Low <= range.High;
    }

    private static void Write(Node node, DateRange range, RowWriter into) =>
        into.Write(new IndexEntry(into.Parameter, SearchType.Date, node.Index) { Low = range.Low, High = range.High });
}
