using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Auditing;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Units;

/// <summary>The ledger as AuditEvents: read only, seen by a party's governance as far as an event concerns the party.
/// https://hl7.org/fhir/R4/auditevent.html; src/docs/sharing.md#the-ledger</summary>
public static class LedgerReading
{
    public const string Type = "AuditEvent";

    /// <summary>Null when it is not in the caller's view.</summary>
    public static Answer? Find(Work work, string id) => work.Snapshot.FindAudit(id, ReaderOf(work)) is { } entry
        ? new Answer(AnswerKind.Ok) { Body = AuditEventJson.Render(entry, work.InForce.Bits), VersionId = entry.Id, LastModified = entry.At } : null;

    /// <summary>What a search says besides while the agreement is not in force; a reader of the ledger is told more.</summary>
    public static Issue? AgreementNotice(Work work) => work.Engine.Agreement.Notice(work.Caller, ReaderOf(work).Party != null);

    /// <summary>A caller who may see the party's audit category sees the party's events; nobody else sees any.</summary>
    public static AuditReader ReaderOf(Work work)
    {
        var isEntitled = work.Caller.Party != null && (work.Sight.Decide("read", Type, true, false, 0, 0).Permitted & work.InForce.AuditBit) != 0;
        return isEntitled ? new AuditReader(work.Caller.Party, work.Caller.Party == work.InForce.Protocol.Owner) : new AuditReader(null);
    }
}
