using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Storage;

/// <summary>What an event can be found by.</summary>
public enum AuditFacet
{
    /// <summary>`Type/id`: the target of the request, and the patient and the resources of every detail.</summary>
    Entity,
    /// <summary>`PractitionerRole/x`, `RelatedPerson/x`, `Patient/x`, `Organization/x`.</summary>
    Agent,
    /// <summary>Id of the agent's party.</summary>
    Party,
    Subject, Interaction,
    /// <summary>`0`, `4`, `8`.</summary>
    Outcome,
    Policy,
    /// <summary>Id of the event.</summary>
    Id,
}

public readonly record struct AuditValue(AuditFacet Facet, string Value);

/// <summary>Holds when an event has one of the values in the reader's view; `IsNot`: when it has none of them.</summary>
public sealed record AuditCriterion(IReadOnlyList<AuditValue> AnyOf, bool IsNot = false)
{
    public static AuditCriterion Of(AuditFacet facet, params IEnumerable<string> values) =>
        new([.. values.Select(value => new AuditValue(facet, value))]);
}

/// <summary>A question to the ledger.</summary>
public sealed record AuditQuery(AuditReader Reader)
{
    /// <summary>All must hold. Of one person's events (`Reader.Person`) nothing is asked about entities or policies.</summary>
    public IReadOnlyList<AuditCriterion> Criteria { get; init; } = [];
    /// <summary>An AND of ORs, in ticks.</summary>
    public IReadOnlyList<IReadOnlyList<QueryValue>> Dates { get; init; } = [];
    /// <summary>Oldest first, in the order of the ledger.</summary>
    public bool IsAscending { get; init; }
    public int Count { get; init; } = 50;
    /// <summary>`AuditPage.Next` of the page before: pages go on from an event, so that new ones do not shift them.</summary>
    public long? After { get; init; }
    public bool WantsTotal { get; init; } = true;
    /// <summary>If there are more, there is no total: counting them all costs what is stored, not what is shown.</summary>
    public int MostCounted { get; init; } = int.MaxValue;
}

/// <param name="Total">Exact; null when not asked for, or more than `MostCounted`.</param>
/// <param name="Next">Where the next page begins; null on the last one.</param>
public sealed record AuditPage(IReadOnlyList<AuditEntry> Entries, int? Total, long? Next);
