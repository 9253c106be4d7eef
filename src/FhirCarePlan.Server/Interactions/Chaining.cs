using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;

namespace FhirCarePlan.Server.Interactions;

/// <summary>What chains and `_has` may lead through: types that are served and kept as resources. The store follows them in the caller's view
/// of each type. https://hl7.org/fhir/R4/search.html#chaining, src/docs/sharing.md#leaks (3, 4)</summary>
internal static class Chaining
{
    /// <summary>A chain without a type may lead to several; more steps than this are refused.</summary>
    private const int Most = 24;

    /// <summary>The search without steps that lead nowhere. Null, with a refusal, where chains do not apply.</summary>
    public static SearchQuery? Check(SearchQuery query, StoredTypes types, out Answer? refusal)
    {
        refusal = null;
        if (!Of(query).Any()) return query;
        if (!Inclusion.IsOn(query.Type)) refusal = Refuse(IssueType.NotSupported, $"Chains and `_has` do not apply to {query.Type}");
        else if (Unserved(query, types) is { } unserved)
            refusal = Refuse(IssueType.NotSupported, $"`_has:{unserved}`: {(types.Serves(unserved) ? "resources of this type are not stored, so they refer to nothing" : "this type is not served here")}");
        else if (Count(query) > Most)
            refusal = Refuse(IssueType.TooCostly, $"Chains and `_has` of one search may take {Most} steps at most. Say the types that references lead to, as in `subject:Patient.name`");
        if (refusal is not null) return null;
        var served = Served(query, types);
        if (!LeadsNowhere(served)) return served;
        refusal = Refuse(IssueType.NotSupported, "A chain of this search leads to no type whose resources are stored here");
        return null;
    }

    private static bool IsStored(string type, StoredTypes types) => types.Serves(type) && Inclusion.IsOn(type);

    private static string? Unserved(SearchQuery query, StoredTypes types) => Of(query).SelectMany(chain => chain.Targets.Select(target =>
        chain.IsReverse && !IsStored(target.Type, types) ? target.Type : Unserved(target, types))).FirstOrDefault(type => type != null);

    private static SearchQuery Served(SearchQuery query, StoredTypes types) => query with
    {
        Filters = [.. query.Filters.Select(filter => filter.With(one => Served(one, types)))],
        Chains = [.. query.Chains.Select(chain => chain with { Targets = [.. chain.Targets.Where(t => IsStored(t.Type, types)).Select(t => Served(t, types))] })],
    };

    private static bool LeadsNowhere(SearchQuery query) => query.Chains.Any(chain => chain.Targets.Count == 0 || chain.Targets.Any(LeadsNowhere));

    private static int Count(SearchQuery query) => Of(query).Sum(chain => chain.Targets.Sum(target => 1 + Count(target)));

    /// <summary>Those of its filters included.</summary>
    private static IEnumerable<Chain> Of(SearchQuery query) => query.Chains.Concat(query.Filters.SelectMany(f => f.Queries).SelectMany(Of));

    private static Answer Refuse(string type, string text) => Answer.Refuse(AnswerKind.Malformed, type, text, key: "chain");
}
