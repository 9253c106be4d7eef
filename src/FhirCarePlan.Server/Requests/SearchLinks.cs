using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Requests;

/// <summary>The links of a searchset and the ledger's text of its question. https://hl7.org/fhir/R4/search.html#paging</summary>
public static class SearchLinks
{
    public static string Url(FhirRequest request, SearchQuery query, string? page)
    {
        var parts = new[] { query.SelfQuery, page is null ? "" : $"_page={page}" }.Where(p => p.Length > 0);
        var text = string.Join('&', parts);
        return $"{request.BaseUrl}/{request.SearchPath}{(text.Length > 0 ? "?" : "")}{text}";
    }

    /// <summary>The links to other pages. There is no link to the last: nobody counts that far.</summary>
    public static void Write(BundleWriter bundle, Work work, FhirRequest request, SearchQuery query, string? next, string? previous)
    {
        if (query.Page is not null || next is not null) bundle.Link("first", Url(request, query, null));
        if (previous is not null) bundle.Link("previous", Sealed(previous));
        if (next is not null) bundle.Link("next", Sealed(next));

        string Sealed(string page) => Url(request, query, work.Engine.Pages.Seal(page, Binding(work, request, query), work.Now));
    }

    /// <summary>A page link is bound to the question, the caller with role and purpose, and the protocol.</summary>
    public static string Binding(Work work, FhirRequest request, SearchQuery query) => Binding(work, request.SearchPath, query.SelfQuery);

    /// <param name="path">Of the address, below the base.</param>
    public static string Binding(Work work, string path, string query)
    {
        var caller = work.Caller;
        return string.Join('\n', path, query, caller.Issuer, caller.Client, caller.Subject, caller.Party, caller.Role, caller.Purpose,
            caller.Scopes?.Text, caller.LaunchPatient, work.InForce.Protocol.Hash);
    }

    public static IEnumerable<string> Names(SearchQuery query) =>
        query.Criteria.Select(c => c.Parameter.Code).Concat(query.Chains.Select(c => c.IsReverse ? "_has" : c.By.Code)).Concat(query.Filters.Select(_ => "_filter")).Concat(query.Ids.Select(_ => "_id"))
            .Concat(query.LastUpdated.Select(_ => "_lastUpdated")).Distinct();
}
