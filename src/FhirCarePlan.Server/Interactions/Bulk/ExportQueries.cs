using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Interactions.Many;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Interactions.Bulk;

/// <summary>An export of a type as searches in the caller's view, asked anew whenever a piece of it is written.</summary>
internal static class ExportQueries
{
    /// <summary>People that one search asks for.</summary>
    private const int Together = 500;

    /// <param name="Place">Orders the searches: one with a higher place comes later.</param>
    public sealed record Part(string Place, SearchQuery Query);

    public static Answer? Check(Work work, BulkJob job, string type)
    {
        _ = Filters(work, job, type, out var refusal).Count;
        return refusal;
    }

    /// <summary>Null: the group that it is about is not in the caller's view.</summary>
    /// <param name="of">The members of the group, when this file was begun; null: as they are now.</param>
    public static IReadOnlyList<Part>? Of(Work work, BulkJob job, string type, IReadOnlyCollection<string>? of = null)
    {
        var filters = Filters(work, job, type, out _);
        if (job.Group is null && job.Patients.Count == 0) return [.. filters.Select((query, i) => new Part($"{i:D3}", query))];
        if (Patients(work, job) is not { } patients) return null;
        // The same people stay together for the whole file, so that a page of them can go on; who has left the group is left out.
        var chunks = (of ?? patients).Chunk(Together).Select(chunk => of is null ? chunk : [.. chunk.Where(patients.Contains)]);
        return [.. chunks.SelectMany((chunk, n) => chunk.Length == 0 ? [] : filters.Select((query, i) =>
            new Part($"{n:D6} {i:D3}", query with { Within = Compartment.Of(work, "Patient", chunk, type) })))];
    }

    /// <summary>The people it is about as the caller sees them now, in order; null: the group is not in view.</summary>
    public static IReadOnlyCollection<string>? Patients(Work work, BulkJob job) => Members(work, job)?.ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string>? Members(Work work, BulkJob job)
    {
        if (job.Group is null) return job.Patients.Order(StringComparer.Ordinal);
        if (work.Sight.See(work.Snapshot.Find("Group", job.Group)) is not { Version.IsDeleted: false } group) return null;
        var members = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in work.Reading.Parse(work.Show(group).Body).Root.All("member"))
            if (member.TextOf("inactive") != "true" && Reference.Of(member["entity"]) is ("Patient", { } id)) members.Add(id);
        return (job.Patients.Count == 0 ? members : job.Patients.Where(members.Contains)).Order(StringComparer.Ordinal);
    }

    private static List<SearchQuery> Filters(Work work, BulkJob job, string type, out Answer? refusal)
    {
        refusal = null;
        var queries = new List<SearchQuery>();
        foreach (var filter in job.Filters.Where(f => f.Split('?')[0] == type))
        {
            var report = new Report();
            if (filter.IndexOf('?') is var at && (at < 0 || work.Engine.Queries.Parse(type, filter[(at + 1)..], report, withChains: true) is not { } query))
                refusal = at < 0 ? ExportQuestion.Refuse(IssueType.Invalid, "`_typeFilter` must be `Type?query`") : new Answer(AnswerKind.Malformed) { Issues = report.Issues };
            else if (QueryParser.Pairs(filter[(at + 1)..]).Any(pair => QueryParser.ShapesAnswer(pair.Name)))
                refusal = ExportQuestion.Refuse(IssueType.NotSupported, "`_typeFilter` takes parameters that choose resources only: no `_sort`, `_count`, `_elements`, `_include` or their like");
            else if (Chaining.Check(query, work.Engine.Types, out var unresolved) is { } resolved) queries.Add(Within(work, job, resolved));
            else refusal = unresolved;
            if (refusal != null) return [];
        }
        if (queries.Count == 0) queries.Add(Within(work, job, new SearchQuery(type)));
        return queries;
    }

    private static SearchQuery Within(Work work, BulkJob job, SearchQuery query)
    {
        var times = query.LastUpdated.ToList();
        if (job.Since is { } since && work.Engine.Queries.Date(since) is { } from) times.Add([new QueryValue { Prefix = Prefix.Ge, Low = from.Low, High = from.High }]);
        var until = work.Engine.Queries.Date(Instant.Text(job.At))!.Value;
        times.Add([new QueryValue { Prefix = Prefix.Le, Low = until.Low, High = until.High }]);
        return query with { LastUpdated = times, Total = TotalMode.None, Sort = [], Summary = SummaryMode.False, Elements = [] };
    }
}
