using FhirCarePlan.Fhir.Definitions.Published;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Interactions;

/// <summary>The criteria of a conditional reference or interaction: a search of which only the filters count, within the caller's view. A hidden
/// match is no match. https://hl7.org/fhir/R4/http.html#ccreate, https://hl7.org/fhir/R4/http.html#cond-update</summary>
internal sealed class Criteria
{
    private readonly SearchQuery query;

    private Criteria(SearchQuery query, string text) => (this.query, Text) = (query, text);

    /// <summary>Equal for criteria that were sent in the same words: `Patient?identifier=x`.</summary>
    public string Text { get; }
    public string Type => query.Type;

    /// <summary>Null, with the refusal, for criteria that name nothing or that are not understood: passing over one would widen them.</summary>
    /// <param name="text">`identifier=x`, also after `?` or `Patient?`.</param>
    /// <param name="location">Of the element that has them, in a bundle.</param>
    /// <param name="most">How many matches make a difference.</param>
    public static Criteria? Read(Work work, string type, string text, out Answer? refusal, string location = "", string key = "criteria", int most = 2)
    {
        if (text.StartsWith($"{type}?", StringComparison.Ordinal)) text = text[type.Length..];
        var report = new Report();
        var query = work.Engine.Queries.Parse(type, text.TrimStart('?'), report);
        refusal = query is null ? new Answer(AnswerKind.Malformed) { Issues = [.. report.Issues.Select(i => i with { Expression = location })] }
            : query.Criteria.Count + query.Ids.Count + query.LastUpdated.Count > 0 ? null
            : Answer.Refuse(AnswerKind.Malformed, IssueType.Required,
                "The criteria must name the resource by at least one search parameter, such as `identifier=system|value`", location, key);
        if (refusal != null) return null;
        return new Criteria(new SearchQuery(type)
        {
            Criteria = query!.Criteria, Ids = query.Ids, LastUpdated = query.LastUpdated, Count = most, Total = TotalMode.None,
        }, $"{type}?{query.SelfQuery}");
    }

    /// <summary>Ids of the matches in the committed state, no more than make a difference.</summary>
    public List<string> Find(Work work)
    {
        var ids = new List<string>();
        if (Catalogue.Holds(Type)) ids.AddRange(work.Engine.CatalogueSearch.Find(query).Take(query.Count).Select(e => e.Id));
        if (Type != LedgerReading.Type && ids.Count < query.Count && ViewScope.Of(work, query) is { } scope)
            ids.AddRange(work.Snapshot.Search(query, scope).Hits.Select(h => h.Version.Id).Take(query.Count - ids.Count));
        return ids;
    }

    /// <summary>The same for a decision about a write: the commit looks again, and the write is decided again if it finds others. So of two
    /// equal conditional creates at once the second finds what the first has made.</summary>
    /// <param name="refusal">In place of matches, where the scopes of the token do not reach.</param>
    public List<string> FindAndRely(Work work, out Answer? refusal)
    {
        if ((refusal = ScopeDoor.OfCriteria(work.Caller, Type)) != null) return [];
        work.Ledger.Query ??= string.Join(",", SearchLinks.Names(query));
        var found = Find(work);
        work.Rely(inside => Find(inside).SequenceEqual(found));
        return found;
    }

    /// <summary>For a match that another entry of the same transaction writes.</summary>
    public static Answer? Overlap(Work work, string type, string id) => work.Staging.Find(type, id) is null ? null : Answer.Refuse(AnswerKind.Conflict,
        IssueType.Duplicate, "Two entries of one transaction write the same resource", key: "transaction-clash");

    public Answer Several(string location = "") => Answer.Refuse(AnswerKind.Stale, IssueType.Conflict,
        $"The criteria match more than one {Type} in your view; they must match one at most. Name it by an identifier that no other has",
        location, "criteria");
}
