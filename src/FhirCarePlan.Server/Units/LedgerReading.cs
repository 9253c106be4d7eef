using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Units;

/// <summary>The ledger as AuditEvents: read only, seen by a party's governance. https://hl7.org/fhir/R4/auditevent.html; sharing.md §12.11</summary>
public static class LedgerReading
{
    public const string Type = "AuditEvent";

    /// <summary>Null when it is not in the caller's view.</summary>
    public static Answer? Find(Work work, string id)
    {
        var entry = MaySee(work) ? work.Snapshot.FindAudit(id) : null;
        return entry is null || entry.Party != work.Caller.Party && entry.Details.All(d => d.Holder != work.Caller.Party) ? null
            : new Answer(AnswerKind.Ok) { Body = Render(entry), VersionId = entry.Id, LastModified = entry.At };
    }

    /// <summary>The audit category, as the party's own record.</summary>
    public static bool MaySee(Work work) =>
        work.Caller.Party != null && (work.Sight.Decide("read", Type, true, false, 0, 0).Permitted & work.InForce.AuditBit) != 0;

    public static byte[] Render(AuditEntry entry)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            AuditEventJson.Write(json, entry);
        return buffer.WrittenSpan.ToArray();
    }
}
