namespace FhirCarePlan.Storage.Auditing;

/// <summary>The values that an event can be found by. The index also says who may see a detail, so that a question finds, and costs, the
/// same whether or not something hidden from its reader exists (src/docs/sharing.md#the-ledger, leaks 43 and 45). A value of a detail is
/// entered on up to three sides: plain, for the agent's party (details that were not refused, and the target); refused, for the owner of
/// the protocol; and with the holder's name, for a holder whose record another party asked for.</summary>
internal static class EntryFacets
{
    public const string Person = "Person", Holder = "Holder";

    public static string Refused(string facet) => facet + "!";
    public static string Of(string facet, string holder) => $"{facet}@{holder}";

    public static IEnumerable<(string Facet, string Value)> All(AuditEntry entry)
    {
        yield return (nameof(AuditFacet.Id), entry.Id);
        yield return (nameof(AuditFacet.Subject), entry.Subject);
        yield return (nameof(AuditFacet.Interaction), entry.Interaction);
        yield return (nameof(AuditFacet.Outcome), Code(entry.Outcome));
        if (entry.Party is { } party) yield return (nameof(AuditFacet.Party), party);
        if (entry.Agent is { } agent) yield return (nameof(AuditFacet.Agent), agent);
        if (entry.Organization is { } organization) yield return (nameof(AuditFacet.Agent), organization);
        if (entry.Target.Contains('/')) yield return (nameof(AuditFacet.Entity), entry.Target);
        foreach (var detail in entry.Details)
        {
            var isForeign = detail.Holder is not null && detail.Holder != entry.Party;
            if (isForeign) yield return (Holder, detail.Holder!);
            foreach (var (facet, value) in Values(detail))
            {
                yield return (detail.Kind == AuditDetailKind.Refused ? Refused(facet) : facet, value);
                if (isForeign) yield return (Of(facet, detail.Holder!), value);
            }
        }
    }

    /// <summary>FHIR's code of an outcome.</summary>
    public static string Code(AuditOutcome outcome) => outcome switch { AuditOutcome.Success => "0", AuditOutcome.Minor => "4", _ => "8" };

    private static IEnumerable<(string Facet, string Value)> Values(AuditDetail detail)
    {
        if (detail.Person is { } person) yield return (Person, person);
        if (detail.Patient is { } patient) yield return (nameof(AuditFacet.Entity), patient);
        foreach (var id in detail.Ids)
            if (id != detail.Patient) yield return (nameof(AuditFacet.Entity), id);
        foreach (var policy in detail.Policies) yield return (nameof(AuditFacet.Policy), policy);
    }
}
