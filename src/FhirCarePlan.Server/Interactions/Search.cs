using FhirCarePlan.Fhir.Definitions.Published;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Interactions.Many;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Interactions;

/// <summary>Search within the caller's view: the mask is part of the query, so pages are full and totals exact (src/docs/sharing.md#search).
/// https://hl7.org/fhir/R4/search.html</summary>
public static class Search
{
    public static Answer Perform(Exchange asked)
    {
        var (work, request) = (asked.Work, asked.Request);
        var report = new Report();
        if (work.Engine.Queries.Parse(request.Type, request.Query, report, request.IsLenient, withChains: true) is not { } query)
            return new Answer(AnswerKind.Malformed) { Issues = report.Issues };
        if (LedgerReading.AgreementNotice(work) is { } notice) report.Add(notice);
        work.Ledger.Query = string.Join(",", SearchLinks.Names(query));
        if (query.Page is { } token)
        {
            if (work.Engine.Pages.Open(token, SearchLinks.Binding(work, request, query), work.Now) is not { } position)
                return LostPage;
            query = query with { Page = position };
        }
        if (Inclusion.Check(query, work.Engine.Types) is { } refused) return refused;
        if (Chaining.Check(query, work.Engine.Types, out var refusal) is not { } followed) return refusal!;
        query = followed;
        if (request.Compartment is var (owner, id))
        {
            if (Compartment.Check(work, owner, request.Type) is { } unknown) return unknown;
            query = query with { Within = Compartment.Of(work, owner, id, request.Type) };
        }
        if (request.Type == LedgerReading.Type && query.Filters.Count > 0) return Answer.Refuse(AnswerKind.Malformed, IssueType.NotSupported, "`_filter` does not apply to AuditEvent", key: "_filter");
        if (Catalogue.Holds(request.Type) && query.Filters.SelectMany(f => f.Queries).SelectMany(q => q.Criteria).Any(c => c.Parameter.Type == SearchType.Special))
            return Answer.Refuse(AnswerKind.Malformed, IssueType.NotSupported, $"`_text` and `_content` do not apply to {request.Type}", key: "_content");
        if (request.Type == LedgerReading.Type) return AuditEvents.Search(work, request, query, report);
        if (Catalogue.Holds(request.Type)) return DefinitionSearch.Perform(work, request, query, report.Issues);
        // Answer an empty view without looking at what it hides.
        var page = ViewScope.Of(work, query) is { } scope ? work.Snapshot.Search(query, scope) : Empty(query);
        return Write(work, request, query, page, report.Issues);
    }

    internal static Answer LostPage { get; } = Answer.Refuse(AnswerKind.Malformed, IssueType.Processing,
        "This page link belongs to another caller, purpose or agreement version, or it has expired. Search again", key: "_page");

    internal static SearchPage Empty(SearchQuery query) => new([], query.MostCounted > 0 ? 0 : null);

    private static Answer Write(Work work, FhirRequest request, SearchQuery query, SearchPage page, IReadOnlyList<Issue> warnings)
    {
        if (page.BringsTooMuch) return Answer.Refuse(AnswerKind.Malformed, IssueType.TooCostly, "`:iterate` would bring along more than 1,000 resources. Ask for a smaller page, or for fewer references", key: "_include");
        var bundle = new BundleWriter("searchset");
        if (page.Total is { } total) bundle.Total(total);
        bundle.Link("self", SearchLinks.Url(request, query, null));
        SearchLinks.Write(bundle, work, request, query, page.Next, page.Previous);
        if (WriteHits(bundle, work, request, page, PartAsked.Of(query)) is { } tooMuch) return tooMuch;
        WriteWarnings(bundle, warnings);
        return new Answer(AnswerKind.Ok) { Body = bundle.Done() };
    }

    /// <summary>Null when they fit: the size is looked at while they are written, and each is fetched when its turn comes.</summary>
    /// <param name="brought">What another page in the same bundle has brought along already.</param>
    internal static Answer? WriteHits(BundleWriter bundle, Work work, FhirRequest request, SearchPage page, PartAsked? part, HashSet<string>? brought = null)
    {
        foreach (var hit in page.Hits)
        {
            if (hit.IsInclude && brought?.Add($"{hit.Version.Type}/{hit.Version.Id}") == false) continue;
            var seen = ViewScope.See(work.Sight, hit);
            bundle.Entry(hit.Version.DamagedRow != null ? null : $"{request.BaseUrl}/{hit.Version.Type}/{hit.Version.Id}", work.Show(seen, new Shown(hit.Version.VersionId, hit.Version.LastUpdated), hit.IsInclude ? null : part), hit.Version.DamagedRow != null ? "outcome" : hit.IsInclude ? "include" : "match");
            if (bundle.Length > work.Engine.Limits.Answer) return Answer.TooCostly(work.Engine.Limits.Answer);
        }
        return null;
    }

    internal static void WriteWarnings(BundleWriter bundle, IReadOnlyList<Issue> warnings)
    {
        if (warnings.Count > 0) bundle.Entry(null, OutcomeJson.Write(warnings), "outcome");
    }
}
