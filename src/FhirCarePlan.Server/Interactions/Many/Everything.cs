using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Operations.Terminology;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Interactions.Many;

/// <summary>`Patient/{id}/$everything` and `EpisodeOfCare/{id}/$everything`: what belongs to the person's compartment, and the people,
/// organisations and places that it refers to, page by page. It is a search in the caller's view like any other, so each resource is
/// decided for itself. Of an episode: the episode, and what of the person's record is dated within it, or not dated.
/// https://hl7.org/fhir/R4/patient-operation-everything.html</summary>
public static class Everything
{
    private const string Owner = "Patient", Episode = "EpisodeOfCare";
    private static readonly string[] Allowed = ["start", "end", "_since", "_type", "_count", "_page"];
    /// <summary>Types that others refer to, so that a reader understands them; none of a person's record.</summary>
    private static readonly string[] Beside = ["Device", "HealthcareService", "Location", "Medication", "Organization", "Practitioner", "PractitionerRole", "Substance"];

    public static Answer OfPatient(Exchange asked) => asked.Target.Seen is null ? Answer.NotHere : Perform(asked, asked.Request.Id, null, null);

    public static Answer OfEpisode(Exchange asked)
    {
        if (asked.Target.Seen is not { } seen) return Answer.NotHere;
        // Person and period as the caller sees them.
        var episode = asked.Work.Reading.Parse(asked.Work.Show(seen).Body).Root;
        var period = episode["period"];
        return Perform(asked, Reference.Of(episode["patient"]) is (Owner, { } id) ? id : null, End("start")?.Low, End("end")?.High);

        DateRange? End(string name) => period.TextOf(name) is { } text ? asked.Work.Engine.Queries.Date(text) : null;
    }

    /// <param name="patient">Null: an episode of nobody whom the caller could know.</param>
    private static Answer Perform(Exchange asked, string? patient, long? from, long? to)
    {
        var (work, request) = (asked.Work, asked.Request);
        if (OperationParameters.Read(asked, Allowed, out var refusal) is not { } parameters) return refusal!;
        var (count, dates) = (parameters.Number("_count") ?? 50, new Dictionary<string, DateRange>());
        if (count < 0) return OperationParameters.Refuse(IssueType.Invalid, "`_count` must be a whole number from 0 to 1000");
        foreach (var name in (string[])["start", "end", "_since"])
            if (parameters.Text(name) is { } text)
            {
                if (work.Engine.Queries.Date(text) is not { } date) return OperationParameters.Refuse(IssueType.Invalid, $"`{name}` must be a date or a time");
                dates[name] = date;
            }
        var record = Record(work, request.Type);
        IReadOnlyList<string> types = record, others = [.. Beside.Where(work.Engine.Types.Serves)];
        var named = string.Join(',', parameters.Texts("_type"));
        if (named.Length > 0)
        {
            if (TypeList.Read(named, [.. record, .. others], work.Engine.Types, out var listed) is { } wrong) return wrong;
            (types, others) = ([.. record.Where(listed.Contains)], [.. others.Where(listed.Contains)]);
            if (types.Count == 0) return OperationParameters.Refuse(IssueType.Invalid, $"`_type` must name a type of the record, one of {string.Join(", ", record)}");
        }
        var span = new DateRange(Math.Max(dates.TryGetValue("start", out var start) ? start.Low : long.MinValue, from ?? long.MinValue),
            Math.Min(dates.TryGetValue("end", out var end) ? end.High : long.MaxValue, to ?? long.MaxValue));
        var queries = types.Select(type => Query(type) with { Count = Math.Min(count, HistoryAsked.MostCount), LastUpdated = Since(dates), Includes = Includes(work, type, others) }).ToList();
        var self = string.Join('&', Allowed[..^1].Where(parameters.Has).Select(name => $"{name}={Uri.EscapeDataString(name == "_type" ? named : parameters.Text(name)!).Replace("%3A", ":", StringComparison.Ordinal).Replace("%2C", ",", StringComparison.Ordinal)}"));
        return new SearchOfMany(work, request, $"{request.Type}/{request.Id}/$everything", queries, self)
            .Answer(parameters.Text("_page"), LedgerReading.AgreementNotice(work) is { } notice ? [notice] : []);

        SearchQuery Query(string type) => type == Episode && request.Type == Episode ? new(type) { Ids = [[request.Id]] }
            : patient is null ? new(type) { Ids = [[]] }
            : new(type) { Within = Compartment.Of(work, Owner, patient, type), Dated = type == Owner || span is { Low: long.MinValue, High: long.MaxValue } ? null : span };
    }

    /// <summary>The types of the record: first what the address names, then the person, then the rest.</summary>
    private static IReadOnlyList<string> Record(Work work, string first) =>
        [.. Compartment.Members(work, Owner).OrderBy(type => type == first ? 0 : type == Owner ? 1 : 2).ThenBy(type => type, StringComparer.Ordinal)];

    private static IReadOnlyList<IReadOnlyList<QueryValue>> Since(Dictionary<string, DateRange> dates) =>
        dates.TryGetValue("_since", out var since) ? [[new QueryValue { Prefix = Prefix.Ge, Low = since.Low, High = since.High }]] : [];

    private static IReadOnlyList<Include> Includes(Work work, string type, IReadOnlyList<string> others) =>
        [.. others.Where(other => work.Engine.Parameters.For(type).Any(p => p.Type == SearchType.Reference && (p.Targets.Count == 0 || p.Targets.Contains(other)))).Select(other => new Include(type, null, other))];
}
