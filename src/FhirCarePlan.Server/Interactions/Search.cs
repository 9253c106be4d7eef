using FhirCarePlan.Fhir.Definitions.Published;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Interactions;

/// <summary>Search within the caller's view: the mask is part of the query, so pages are full and totals exact (sharing.md §1.5, §11).
/// https://hl7.org/fhir/R4/search.html</summary>
public static class Search
{
    public static Answer Perform(Work work, FhirRequest request)
    {
        var report = new Report();
        if (work.Engine.Queries.Parse(request.Type, request.Query, report, request.IsLenient) is not { } query)
            return new Answer(AnswerKind.Malformed) { Issues = report.Issues };
        if (query.Page is { } token)
        {
            if (work.Engine.Pages.Open(token, Binding(work, query), work.Now) is not { } position)
                return Answer.Refuse(AnswerKind.Malformed, IssueType.Processing, "This page link is not yours, is for another purpose or protocol version, or has expired; search again", key: "_page");
            query = query with { Page = position };
        }
        if (request.Type == "AuditEvent") return AuditEvents.Search(work, request, query, report);
        if (Catalogue.Holds(request.Type)) return DefinitionSearch.Perform(work, request, query, report.Issues);
        var page = work.Snapshot.Search(query, Scope(work, query));
        Trail.Other(work, request, true, work.Sight.Policies(), query: string.Join(",", Names(query)));
        return new Answer(AnswerKind.Ok) { Body = Write(work, request, query, page, report.Issues) };
    }

    internal static SearchScope Scope(Work work, SearchQuery query) => new(work.Sight.Key, Permitted(work, query));

    /// <summary>The caller's view of every type this search can bring, for every kind of standing that there is.</summary>
    private static List<PermittedRow> Permitted(Work work, SearchQuery query)
    {
        var rows = new List<PermittedRow>();
        var standings = work.Snapshot.Standings(work.Sight.Key);
        foreach (var type in Types(work, query))
        {
            Add(type, new Standing(null, 0), false, 0);
            foreach (var standing in standings)
                if (standing.ConsentClass is { } consentClass) Add(type, standing, true, consentClass);
        }
        return rows;

        void Add(string type, Standing standing, bool hasPerson, int consentClass)
        {
            foreach (var isOwn in (ReadOnlySpan<bool>)[false, true])
                if (work.Sight.Decide("read", type, isOwn, hasPerson, consentClass, standing.Kinds) is { Permitted: not 0 } decision)
                    rows.Add(new PermittedRow(type, standing, isOwn, decision.Permitted));
        }
    }

    private static IEnumerable<string> Types(Work work, SearchQuery query)
    {
        if (query.Includes.Count == 0 && query.RevIncludes.Count == 0) return [query.Type];
        var types = new HashSet<string> { query.Type };
        foreach (var include in query.Includes)
            types.UnionWith(include.TargetType is { } target ? [target] : include.Parameter is { Targets.Count: > 0 } p ? p.Targets.Where(work.Engine.Types.Serves) : work.Engine.Types.All);
        foreach (var include in query.RevIncludes) types.Add(include.SourceType);
        return types;
    }

    private static byte[] Write(Work work, FhirRequest request, SearchQuery query, SearchPage page, IReadOnlyList<Issue> warnings)
    {
        var bundle = new BundleWriter("searchset");
        if (page.Total is { } total) bundle.Total(total);
        bundle.Link("self", Url(request, query, null));
        if (page.Next is { } next) bundle.Link("next", Url(request, query, work.Engine.Pages.Seal(next, Binding(work, query), work.Now)));
        WriteHits(bundle, work, request, page, PartAsked.Of(query));
        WriteWarnings(bundle, warnings);
        return bundle.Done();
    }

    internal static void WriteHits(BundleWriter bundle, Work work, FhirRequest request, SearchPage page, PartAsked? subset)
    {
        foreach (var hit in page.Hits)
        {
            var seen = new Seen(hit.Version, work.Sight.Decide("read", hit.Version.Type, hit.Version.Holder, hit.Version.Person));
            bundle.Entry($"{request.BaseUrl}/{hit.Version.Type}/{hit.Version.Id}", work.InForce.View(seen, new Shown(hit.Version.VersionId, hit.Version.LastUpdated), hit.IsInclude ? null : subset), hit.IsInclude ? "include" : "match");
        }
    }

    internal static void WriteWarnings(BundleWriter bundle, IReadOnlyList<Issue> warnings)
    {
        if (warnings.Count > 0) bundle.Entry(null, Http.OutcomeJson.Write(warnings), "outcome");
    }

    internal static string Url(FhirRequest request, SearchQuery query, string? page)
    {
        var parts = new[] { query.SelfQuery, page is null ? "" : $"_page={page}" }.Where(p => p.Length > 0);
        var text = string.Join('&', parts);
        return $"{request.BaseUrl}/{request.Type}{(text.Length > 0 ? "?" : "")}{text}";
    }

    /// <summary>What a page link is bound to: the question, the caller with role and purpose, and the protocol.</summary>
    internal static string Binding(Work work, SearchQuery query)
    {
        var caller = work.Caller;
        return string.Join('\n', query.Type, query.SelfQuery, caller.Issuer, caller.Client, caller.Subject, caller.Party, caller.Role, caller.Purpose, work.InForce.Protocol.Hash);
    }

    internal static IEnumerable<string> Names(SearchQuery query) =>
        query.Criteria.Select(c => c.Parameter.Code).Concat(query.Ids.Select(_ => "_id")).Concat(query.LastUpdated.Select(_ => "_lastUpdated")).Distinct();
}
