using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Interactions;

/// <summary>Turns the chains of a search into criteria: each step is a search in the caller's view of the type that it leads to, and the next
/// one looks for references to what it found. So a chain leads through nothing that the caller does not see, and costs what its steps
/// find. https://hl7.org/fhir/R4/search.html#chaining, src/docs/sharing.md#leaks (3)</summary>
internal static class Chaining
{
    /// <summary>The most that one step may find in the caller's view.</summary>
    private const int Most = 200;

    /// <summary>Null, with a refusal, when a step finds too much.</summary>
    public static SearchQuery? Resolve(Work work, SearchQuery query, out Answer? refusal)
    {
        refusal = null;
        if (query.Chains.Count == 0) return query;
        if (!Inclusion.IsOn(query.Type))
        {
            refusal = Answer.Refuse(AnswerKind.Malformed, IssueType.NotSupported, $"Chains do not apply to {query.Type}", key: "chain");
            return null;
        }
        var criteria = query.Criteria.ToList();
        foreach (var chain in query.Chains)
        {
            if (Found(work, chain, out refusal) is not { } found) return null;
            criteria.Add(new Criterion(chain.By, Modifier.None, found));
        }
        return query with { Criteria = criteria, Chains = [] };
    }

    private static List<QueryValue>? Found(Work work, Chain chain, out Answer? refusal)
    {
        var found = new List<QueryValue>();
        refusal = null;
        foreach (var target in chain.Targets)
        {
            if (!work.Engine.Types.Serves(target.Type) || !Inclusion.IsOn(target.Type) || ViewScope.Of(work, target) is not { } scope) continue;
            if (Resolve(work, target, out refusal) is not { } step) return null;
            var page = work.Snapshot.Search(step with { Count = Most, Total = TotalMode.None }, scope);
            if (page.Next != null || found.Count + page.Ids.Count > Most)
            {
                refusal = Answer.Refuse(AnswerKind.Malformed, IssueType.TooCostly,
                    $"`{chain.By.Code}.…` leads to more than {Most} resources in your view. Ask for something rarer, such as an identifier", key: "chain");
                return null;
            }
            found.AddRange(page.Ids.Select(id => new QueryValue { System = target.Type, Value = id }));
        }
        return found;
    }
}
