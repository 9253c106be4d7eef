using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Sharing;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Auditing;

/// <summary>A search for AuditEvents as a question to the ledger. https://hl7.org/fhir/R4/auditevent.html#search</summary>
/// <param name="baseUrl">References that begin with it are the relative ones.</param>
public sealed class AuditParameters(Protocol protocol, string baseUrl, Report report)
{
    /// <summary>The search parameters of AuditEvents; the parser and the capability statement know no others.</summary>
    public static IReadOnlySet<string> Served { get; } =
        new HashSet<string> { "_id", "_lastUpdated", "action", "agent", "date", "entity", "outcome", "patient", "policy", "subtype",
            "type" };

    /// <summary>A reference takes its type; nothing else takes any.</summary>
    public static IReadOnlyList<string> Modifiers(SearchParameter parameter) =>
        parameter.Type == SearchType.Reference ? [.. parameter.Targets.Select(t => $":{t}")] : [];

    /// <summary>Null when something is asked that the ledger cannot answer; the report says what.</summary>
    /// <param name="after">Where the page before ended.</param>
    public AuditQuery? Read(SearchQuery search, AuditReader reader, long? after)
    {
        if (search.Includes.Count + search.RevIncludes.Count > 0)
            Refuse("`_include` and `_revinclude` do not work on AuditEvents");
        if (search.Sort.Any(s => s is not ({ Parameter.Code: "date" } or { Special: "_lastUpdated" })) || search.Sort.Count > 1)
            Refuse("`_sort` of AuditEvents is `date` or `-date`");
        var criteria = search.Criteria.Where(c => c.Parameter.Code != "date").SelectMany(Criterion).ToList();
        foreach (var ids in search.Ids) criteria.Add(AuditCriterion.Of(AuditFacet.Id, ids));
        var dates = search.Criteria.Where(c => c.Parameter.Code == "date").Where(IsPlain).Select(c => c.AnyOf).Concat(search.LastUpdated)
            .ToList();
        return report.HasErrors ? null : new AuditQuery(reader)
        {
            Criteria = criteria, Dates = dates, After = after, IsAscending = search.Sort is [{ Descending: false }],
            Count = search.Summary == SummaryMode.Count ? 0 : search.Count, WantsTotal = search.MostCounted > 0,
            MostCounted = search.MostCounted,
        };
    }

    private bool IsPlain(Criterion criterion)
    {
        if (criterion.Written is Modifier.None || criterion is { Written: Modifier.Type, Parameter.Type: SearchType.Reference })
            return true;
        Refuse($"`{criterion.Parameter.Code}:{criterion.Written.ToString().ToLowerInvariant()}` is not supported yet: "
            + "AuditEvents take no modifiers except the type of a reference");
        return false;
    }

    private IEnumerable<AuditCriterion> Criterion(Criterion criterion)
    {
        if (!IsPlain(criterion)) return [];
        var values = criterion.AnyOf;
        return criterion.Parameter.Code switch
        {
            "patient" => [new([.. values.SelectMany(Patient)])],
            "agent" => [new([.. values.SelectMany(Agent)])],
            "entity" => [new([.. values.Select(v => new AuditValue(AuditFacet.Entity, Reference(v, "entity")))])],
            "policy" => [AuditCriterion.Of(AuditFacet.Policy, values.Select(v => v.Value ?? ""))],
            "outcome" => [AuditCriterion.Of(AuditFacet.Outcome, Codes(values, "http://hl7.org/fhir/audit-event-outcome"))],
            "subtype" => [new([.. values.SelectMany(Subtype)])],
            "action" => [Actions([.. Codes(values, "http://hl7.org/fhir/audit-event-action").Select(c => c.ToUpperInvariant())])],
            "type" => [Types(values)],
            _ => throw new InvalidOperationException($"AuditEvent.{criterion.Parameter.Code} is served and nobody reads it"),
        };
    }

    private static IEnumerable<string> Codes(IReadOnlyList<QueryValue> values, string system) =>
        values.Where(v => v.System is null || v.System == system).Select(v => v.Value ?? "");

    private IEnumerable<AuditValue> Patient(QueryValue value)
    {
        var reference = value is { Text: null, System: null } ? $"Patient/{value.Value}" : Reference(value, "patient");
        // A caller who acts as a patient is the event's patient too. https://hl7.org/fhir/R4/auditevent.html#search
        return reference.StartsWith("Patient/", StringComparison.Ordinal)
            ? [new(AuditFacet.Entity, reference), new(AuditFacet.Agent, reference)] : [];
    }

    private IEnumerable<AuditValue> Agent(QueryValue value)
    {
        var reference = Reference(value, "agent");
        yield return new AuditValue(AuditFacet.Agent, reference);
        // The party's first organisation includes all its services.
        if (protocol.Parties.FirstOrDefault(p => p.Organizations is [var first, ..] && first == reference) is { } party)
            yield return new AuditValue(AuditFacet.Party, party.Id);
    }

    private string Reference(QueryValue value, string parameter)
    {
        var address = value.Text ?? (value.System is { Length: > 0 } type ? $"{type}/{value.Value}" : null);
        if (address is null) Refuse($"A value of `{parameter}` must be Type/id or an address; an id alone does not say which type it is");
        return address is null ? "" : address.StartsWith(baseUrl + "/", StringComparison.Ordinal) ? address[(baseUrl.Length + 1)..]
            : address;
    }

    private static IEnumerable<AuditValue> Subtype(QueryValue value)
    {
        var interaction = value.Value == AuditCodes.SubtypeOf(AuditCodes.Token).Code ? AuditCodes.Token : value.Value == AuditCodes.Token
            ? null : value.Value;
        return interaction is not null && (value.System is null || value.System == AuditCodes.SubtypeOf(interaction).System)
            ? [new(AuditFacet.Interaction, interaction)] : [];
    }

    /// <summary>`E` is every action that no other code names.</summary>
    private static AuditCriterion Actions(HashSet<string> asked)
    {
        var isRest = asked.Contains("E");
        return AuditCriterion.Of(AuditFacet.Interaction, AuditCodes.Actions.Where(a => asked.Contains(a.Key) != isRest)
            .SelectMany(a => a.Value)) with
        { IsNot = isRest };
    }

    /// <summary>Everything is REST but a request for a token.</summary>
    private static AuditCriterion Types(IReadOnlyList<QueryValue> values)
    {
        var token = AuditCriterion.Of(AuditFacet.Interaction, AuditCodes.Token);
        return (Asks(AuditCodes.TypeOf("")), Asks(AuditCodes.TypeOf(AuditCodes.Token))) switch
        {
            (true, true) => new AuditCriterion([], IsNot: true),
            (true, false) => token with { IsNot = true },
            (false, true) => token,
            _ => new AuditCriterion([]),
        };

        bool Asks((string System, string Code) type) =>
            values.Any(v => (v.System is null || v.System == type.System) && (v.Value is null || v.Value == type.Code));
    }

    private void Refuse(string text) =>
        report.Add(new Issue(IssueSeverity.Error, IssueType.NotSupported, "", text) { Key = "parameter", IsMalformed = true });
}
