using System.Globalization;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Interactions.Many;

/// <summary>The versions of all resources of a type, or of all types, in the caller's view, newest first. Each is decided and shown as a read
/// of that version (src/docs/sharing.md#versions-and-time). A total is there where one page holds everything: nobody counts the rest.
/// https://hl7.org/fhir/R4/http.html#history</summary>
public static class HistoryOfMany
{
    public static Answer Perform(Exchange asked)
    {
        var (work, request) = (asked.Work, asked.Request);
        if (HistoryAsked.Read(work, request, out var refusal) is not { } wanted) return refusal!;
        var rows = Types(work, request).SelectMany(type => Rows(work, type, wanted)).OrderByDescending(row => row.Place).Take(wanted.Count + 1).ToList();
        var (page, hasMore) = (rows.Take(wanted.Count).ToList(), rows.Count > wanted.Count);
        var bundle = new BundleWriter("history");
        if (wanted.Page is null && !hasMore) bundle.Total(page.Count);
        wanted.Links(bundle, work, request, hasMore && page.Count > 0 ? Text(page[^1].Place) : null);
        foreach (var row in page)
        {
            var (hit, isCreation) = work.Snapshot.Fetch(row);
            History.Write(bundle, work, request, ViewScope.See(work.Sight, hit), hit.Version, isCreation, wanted.Part);
            if (bundle.Length > work.Engine.Limits.Answer) return Answer.TooCostly(work.Engine.Limits.Answer);
        }
        return new Answer(AnswerKind.Ok) { Body = bundle.Done() };
    }

    private static IEnumerable<string> Types(Work work, FhirRequest request) =>
        request.Type.Length > 0 ? [request.Type] : work.Engine.Types.All.Where(type => type != LedgerReading.Type);

    /// <summary>Nothing is asked of the store where the view is empty whatever is stored.</summary>
    private static IReadOnlyList<HistoryRow> Rows(Work work, string type, HistoryAsked wanted) => ViewScope.Of(work, type) is not { } scope ? []
        : work.Snapshot.History(new HistoryQuery(type, Whole(work, type), wanted.Count) { Since = wanted.Since, At = wanted.At, After = Place(wanted.Page) }, scope);

    /// <summary>A scope that asks for certain content is asked of the current one, so it leaves no older version.</summary>
    private static long Whole(Work work, string type) => work.Sight.Only(type)?.Any(part => part.Criteria.Count > 0) == true ? ~0L : work.InForce.WholeView(type);

    private static string Text(HistoryPlace place) => string.Create(CultureInfo.InvariantCulture, $"{place.Time};{place.Number}");

    private static HistoryPlace? Place(string? text) => text?.Split(';') is [var time, var number]
        ? new(long.Parse(time, CultureInfo.InvariantCulture), long.Parse(number, CultureInfo.InvariantCulture)) : null;
}
