using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Requests;

/// <summary>The links of a searchset and the ledger's text of its question. https://hl7.org/fhir/R4/search.html#paging</summary>
public static class SearchLinks
{
    public static string Url(FhirRequest request, SearchQuery query, string? page)
    {
        var parts = new[] { query.SelfQuery, page is null ? "" : $"_page={page}" }.Where(p => p.Length > 0);
        var text = string.Join('&', parts);
        return $"{request.BaseUrl}/{request.Type}{(text.Length > 0 ? "?" : "")}{text}";
    }

    /// <summary>A page link is bound to the question, the caller with role and purpose, and the protocol.</summary>
    public static string Binding(Work work, SearchQuery query)
    {
        var caller = work.Caller;
        return string.Join('\n', query.Type, query.SelfQuery, caller.Issuer, caller.Client, caller.Subject, caller.Party, caller.Role,
            caller.Purpose, work.InForce.Protocol.Hash);
    }

    public static IEnumerable<string> Names(SearchQuery query) =>
        query.Criteria.Select(c => c.Parameter.Code).Concat(query.Ids.Select(_ => "_id"))
            .Concat(query.LastUpdated.Select(_ => "_lastUpdated")).Distinct();
}
