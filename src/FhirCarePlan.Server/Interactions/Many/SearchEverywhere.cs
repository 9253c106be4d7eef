using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Interactions.Many;

/// <summary>A search of all types, or of those that `_type` names: of the whole server, or of one compartment (`Patient/1/*`). The parameters
/// must be ones that all these types have. https://hl7.org/fhir/R4/http.html#search, https://hl7.org/fhir/R4/http.html#vsearch</summary>
public static class SearchEverywhere
{
    public static Answer Perform(Exchange asked)
    {
        var (work, request) = (asked.Work, asked.Request);
        var owner = request.Compartment;
        if (owner is { } of && Compartment.Check(work, of.Type, "") is { } unknown) return unknown;
        var possible = owner is { } compartment ? Compartment.Members(work, compartment.Type) : [.. work.Engine.Types.All.Where(Inclusion.IsOn)];
        var (types, rest, link) = (possible, new List<(string Name, string Value)>(), default(string));
        foreach (var pair in QueryParser.Pairs(request.Query))
            if (pair.Name == "_page") link = pair.Value;
            else if (pair.Name != "_type") rest.Add(pair);
            else if (TypeList.Read(pair.Value, possible, work.Engine.Types, out var listed) is { } wrong) return wrong;
            else types = listed;
        var areAll = types.Count == possible.Count;
        // A type without narrative has none to find; asked for by name it is refused.
        if (areAll && rest.Exists(pair => pair.Name == "_text")) types = [.. types.Where(type => work.Engine.Parameters.Narrative(type) != null)];
        var question = QueryParser.Text(rest);
        var report = new Report();
        var queries = new List<SearchQuery>();
        foreach (var type in types)
        {
            if (work.Engine.Queries.Parse(type, question, report, request.IsLenient, withChains: true) is not { } parsed) return new Answer(AnswerKind.Malformed) { Issues = report.Issues };
            if (Chaining.Check(parsed, work.Engine.Types, out var refusal) is not { } query) return refusal!;
            if (Unfit(query, types.Count) is { } unfit) return unfit;
            queries.Add(owner is { } within ? query with { Within = Compartment.Of(work, within.Type, within.Id, type) } : query);
        }
        if (LedgerReading.AgreementNotice(work) is { } notice) report.Add(notice);
        if (queries.Count > 0) work.Ledger.Query = string.Join(",", SearchLinks.Names(queries[0]));
        var self = string.Join('&', new[] { areAll ? "" : $"_type={string.Join(',', types)}", queries.Count > 0 ? queries[0].SelfQuery : "" }.Where(s => s.Length > 0));
        return new SearchOfMany(work, request, request.SearchPath, queries, self).Answer(link, [.. report.Issues.DistinctBy(i => i.Text)]);
    }

    /// <summary>What only one type can be asked at a time.</summary>
    private static Answer? Unfit(SearchQuery query, int types) =>
        query.Includes.Count + query.RevIncludes.Count > 0 ? Refuse("`_include` and `_revinclude` need one type in the address, such as `Condition?_include=…`")
        : query.Sort.Count > 0 && types > 1 ? Refuse("`_sort` needs one type; several types come in the order of their names, then by id") : null;

    private static Answer Refuse(string text) => Answer.Refuse(AnswerKind.Malformed, IssueType.NotSupported, text, key: "parameter");
}
