using System.Globalization;
using FhirCarePlan.Fhir.Definitions.Published;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Operations;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Interactions;

/// <summary>Search of definitions: first those the server works by, the same for every caller, in order of their canonicals; then the
/// drafts in the caller's view.</summary>
public static class DefinitionSearch
{
    /// <summary>Page positions: `3` is the fourth of those the server works by; `+x` is the store's own position `x` among the
    /// drafts.</summary>
    private const char Drafts = '+';

    public static Answer Perform(Work work, FhirRequest request, SearchQuery query, IReadOnlyList<Issue> warnings)
    {
        if (query.Sort.Count > 0) return Answer.Refuse(AnswerKind.Malformed, IssueType.NotSupported, "`_sort` does not work on definitions; they come in the order of their canonicals", key: "_sort");
        var found = work.Engine.CatalogueSearch.Find(query);
        var start = query.Page is null ? 0 : query.Page[0] == Drafts ? found.Count : int.Parse(query.Page, CultureInfo.InvariantCulture);
        var isCount = query.Summary == SummaryMode.Count || query.Count == 0;
        var here = isCount ? [] : found.Skip(start).Take(query.Count).ToList();
        var ofDrafts = query with { Count = isCount ? 0 : query.Count - here.Count, Page = query.Page is [Drafts, .. var position] && position.Length > 0 ? position : null };
        var drafts = ViewScope.Of(work, query) is { } scope ? work.Snapshot.Search(ofDrafts, scope) : Search.Empty(ofDrafts);
        var bundle = new BundleWriter("searchset");
        if (drafts.Total is { } total) bundle.Total(total + found.Count);
        bundle.Link("self", SearchLinks.Url(request, query, null));
        SearchLinks.Write(bundle, work, request, query, isCount ? null : Next(found.Count, start + here.Count, query.Count - here.Count, drafts), null);
        var part = PartAsked.Of(query);
        foreach (var entry in here)
            if (entry.Write() is { } body)
                bundle.Entry($"{request.BaseUrl}/{entry.ResourceType}/{entry.Id}", part is null ? body : part.Of(body), "match");
        if (Search.WriteHits(bundle, work, request, drafts, part) is { } tooMuch) return tooMuch;
        Search.WriteWarnings(bundle, warnings);
        return new Answer(AnswerKind.Ok) { Body = bundle.Done() };
    }

    private static string? Next(int known, int reached, int room, Storage.SearchPage drafts)
    {
        if (reached < known) return reached.ToString(CultureInfo.InvariantCulture);
        if (room > 0) return drafts.Next is { } position ? Drafts + position : null;
        // The page is full already; counting the drafts says whether there is another.
        return drafts.Total is null or > 0 ? Drafts.ToString() : null;
    }
}
