using FhirCarePlan.Fhir.Definitions.Published;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Interactions;

/// <summary>Conditional references of a transaction. Each leads to the one resource in the caller's view that its search finds, including
/// resources that the transaction wrote. If it finds none or several, the transaction fails.
/// https://hl7.org/fhir/R4/http.html#trules</summary>
internal sealed class ConditionalReferences(Work work)
{
    private readonly Dictionary<string, string> found = new(StringComparer.Ordinal);

    /// <summary>`Patient?identifier=x` → `Patient/1`.</summary>
    public IReadOnlyDictionary<string, string> Found => found;

    /// <summary>Asks all that are not known yet, in one go.</summary>
    public Answer? Resolve(IEnumerable<ConditionalReference> references)
    {
        var asked = new List<(ConditionalReference Reference, SearchQuery Query)>();
        foreach (var reference in references.DistinctBy(r => r.Text))
        {
            if (found.ContainsKey(reference.Text)) continue;
            if (Parse(reference, out var query) is { } malformed) return malformed;
            asked.Add((reference, query!));
        }
        if (asked.Count == 0) return null;
        var matches = new List<string>[asked.Count];
        if (work.Staging.IsEmpty)
            for (var i = 0; i < asked.Count; i++) matches[i] = Matches(work, asked[i].Query);
        else work.Suppose(asked.Count, (inside, i) => matches[i] = Matches(inside, asked[i].Query));
        for (var i = 0; i < asked.Count && !work.IsOutdated; i++)
        {
            if (matches[i] is not [var only]) return Refused(asked[i].Reference, matches[i].Count);
            found[asked[i].Reference.Text] = only;
        }
        return null;
    }

    /// <summary>Whether all of them still lead where they led.</summary>
    public Answer? Confirm(IEnumerable<ConditionalReference> references)
    {
        var all = references.ToList();
        var again = new ConditionalReferences(work);
        if (again.Resolve(all) is { } refused) return refused;
        return work.IsOutdated || all.Find(r => again.found[r.Text] != found[r.Text]) is not { Text: not null } other
            ? null : Refused(other, 2);
    }

    private Answer? Parse(ConditionalReference reference, out SearchQuery? query)
    {
        var report = new Report();
        query = work.Engine.Queries.Parse(reference.Type, reference.Text[(reference.Type.Length + 1)..], report);
        if (query is null)
            return new Answer(AnswerKind.Malformed) { Issues = [.. report.Issues.Select(i => i with { Expression = reference.Location })] };
        if (query.Criteria.Count + query.Ids.Count + query.LastUpdated.Count == 0)
            return Answer.Refuse(AnswerKind.Malformed, IssueType.Required,
                "A conditional reference must name its resource by at least one search parameter", reference.Location,
                "conditional-reference");
        // Of the search only its criteria count.
        query = new SearchQuery(query.Type)
        {
            Criteria = query.Criteria, Ids = query.Ids, LastUpdated = query.LastUpdated, Count = 2,
            Total = TotalMode.None
        };
        return null;
    }

    /// <summary>Up to two.</summary>
    private static List<string> Matches(Work work, SearchQuery query)
    {
        var ids = new List<string>();
        if (Catalogue.Holds(query.Type)) ids.AddRange(work.Engine.CatalogueSearch.Find(query).Take(2).Select(e => e.Id));
        if (query.Type != LedgerReading.Type && ids.Count < 2)
            ids.AddRange(ViewScope.Of(work, query) is { } scope
                ? work.Snapshot.Search(query, scope).Hits.Select(h => h.Version.Id) : []);
        return ids.ConvertAll(id => $"{query.Type}/{id}");
    }

    private static Answer Refused(ConditionalReference reference, int matches) => matches == 0
        ? Answer.Refuse(AnswerKind.NotFound, IssueType.NotFound,
            $"This conditional reference matches no {reference.Type} in your view; it must match exactly one", reference.Location,
            "conditional-reference")
        : Answer.Refuse(AnswerKind.Stale, IssueType.Conflict,
            $"This conditional reference matches more than one {reference.Type} in your view; it must match exactly one",
            reference.Location, "conditional-reference");
}
