using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Interactions.Many;

/// <summary>One question asked of several types, one after the other: hits come by type, then as a search of the type brings them. A page link
/// says the type and the place within it. https://hl7.org/fhir/R4/http.html#search</summary>
internal sealed class SearchOfMany
{
    private readonly Work work;
    private readonly FhirRequest request;
    private readonly IReadOnlyList<SearchQuery> queries;
    private readonly string path, self;

    /// <param name="path">Of the address, below the base.</param>
    /// <param name="queries">One for each type, in order, with the same page size.</param>
    /// <param name="self">The question as understood, for links, without the page.</param>
    public SearchOfMany(Work work, FhirRequest request, string path, IReadOnlyList<SearchQuery> queries, string self) =>
        (this.work, this.request, this.path, this.queries, this.self) = (work, request, path, queries, self);

    /// <param name="link">As it came; null for the first page.</param>
    public Answer Answer(string? link, IReadOnlyList<Issue> warnings)
    {
        string? place = null;
        if (link != null && (place = work.Engine.Pages.Open(link, Binding, work.Now)) is null) return Search.LostPage;
        if (queries.Count == 0 || queries[0].IsCount) return Counted(warnings);
        var pages = Pages(place, out var next);
        var bundle = new BundleWriter("searchset");
        if (Total(place, next, pages) is { } total) bundle.Total(total);
        bundle.Link("self", Url(null));
        if (place != null || next != null) bundle.Link("first", Url(null));
        if (next != null) bundle.Link("next", Url(work.Engine.Pages.Seal(next, Binding, work.Now)));
        // What several types bring along comes once.
        var brought = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (query, page) in pages)
            if (Search.WriteHits(bundle, work, request, page, PartAsked.Of(query), brought) is { } tooMuch) return tooMuch;
        Search.WriteWarnings(bundle, warnings);
        return new Answer(AnswerKind.Ok) { Body = bundle.Done() };
    }

    /// <summary>As many types as fill one page.</summary>
    private List<(SearchQuery Query, SearchPage Page)> Pages(string? place, out string? next)
    {
        var pages = new List<(SearchQuery, SearchPage)>();
        var (room, first) = (queries[0].Count, 0);
        string? within = null;
        if (place?.Split(' ', 2) is [var type, var rest])
        {
            first = queries.TakeWhile(q => q.Type != type).Count();
            within = rest.Length > 0 ? rest : null;
        }
        next = null;
        for (var i = first; i < queries.Count; i++, within = null)
        {
            if (room == 0)
            {
                // The page is full: is there anything behind it?
                if (!Has(queries[i])) continue;
                next = $"{queries[i].Type} ";
                break;
            }
            var query = queries[i] with { Count = room, Page = within, Total = TotalMode.None };
            if (ViewScope.Of(work, query) is not { } scope) continue;
            var page = work.Snapshot.Search(query, scope);
            pages.Add((query, page));
            if (page.Next is { } more)
            {
                next = $"{query.Type} {more}";
                break;
            }
            room -= page.Hits.Count(h => !h.IsInclude);
        }
        return pages;
    }

    private bool Has(SearchQuery query) => ViewScope.Of(work, query) is { } scope
        && work.Snapshot.Search(query with { Count = 1, Total = TotalMode.None, Includes = [], RevIncludes = [] }, scope).Hits.Count > 0;

    /// <summary>Exact where somebody asks, or where the first page holds everything; otherwise nobody counts.</summary>
    private int? Total(string? place, string? next, List<(SearchQuery Query, SearchPage Page)> pages) =>
        queries[0].Total is TotalMode.Accurate or TotalMode.Estimate ? Count()
        : queries[0].Total is null && place is null && next is null ? pages.Sum(p => p.Page.Hits.Count(h => !h.IsInclude)) : null;

    private int Count() => queries.Sum(q => ViewScope.Of(work, q) is { } scope ? work.Snapshot.Search(q with { Count = 0, Page = null }, scope).Total ?? 0 : 0);

    private Answer Counted(IReadOnlyList<Issue> warnings)
    {
        var bundle = new BundleWriter("searchset");
        bundle.Total(Count());
        bundle.Link("self", Url(null));
        Search.WriteWarnings(bundle, warnings);
        return new Answer(AnswerKind.Ok) { Body = bundle.Done() };
    }

    private string Binding => SearchLinks.Binding(work, path, self);

    private string Url(string? page)
    {
        var query = string.Join('&', new[] { self, page is null ? "" : $"_page={page}" }.Where(p => p.Length > 0));
        return $"{request.BaseUrl}{(path.Length > 0 ? "/" : "")}{path}{(query.Length > 0 ? "?" : "")}{query}";
    }
}
