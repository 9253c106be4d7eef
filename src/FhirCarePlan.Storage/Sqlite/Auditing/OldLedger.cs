using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Fhir.Model;
using System.Security.Cryptography;
using FhirCarePlan.Storage.Auditing;

namespace FhirCarePlan.Storage.Sqlite.Auditing;

/// <summary>Takes over the ledger of databases made before it had a key (migration 001): the new chain begins on the old one's head, and an
/// event of its own says how many rows came over and whether the old chain held.</summary>
internal static class OldLedger
{
    public static byte[] Head(SqliteConnection connection)
    {
        using var head = connection.Use("SELECT chain FROM audit_chain ORDER BY seq DESC LIMIT 1");
        return head.Step() && head.Bytes(0).Length == 32 ? head.Blob(0) : new byte[32];
    }

    public static void TakeOver(SqliteConnection connection, LedgerKey key)
    {
        var log = new LedgerLog(connection, key);
        log.ReadHead();
        Span<byte> chain = stackalloc byte[SHA256.HashSizeInBytes], both = stackalloc byte[2 * SHA256.HashSizeInBytes];
        chain.Clear();
        long rows = 0, erased = 0, last = 0, newest = 0;
        var holds = true;
        using (var row = connection.Use("""
            SELECT c.seq, c.commitment, c.chain, a.at, a.is_permitted, a.id, a.interaction, a.subject, a.party, a.role, a.purpose, a.agent, a.organization,
                a.target, a.person, a.patient, a.holder, a.query, a.policies, a.reason, a.correlation
            FROM audit_chain c LEFT JOIN audit_payload a ON a.seq = c.seq ORDER BY c.seq
            """))
            while (row.Step())
            {
                rows++;
                chain.CopyTo(both);
                row.Bytes(1).CopyTo(both[SHA256.HashSizeInBytes..]);
                SHA256.HashData(both, chain);
                holds &= row.Int64(0) == ++last && chain.SequenceEqual(row.Bytes(2));
                if (row.IsNull(3))
                {
                    log.AppendErased(row.Bytes(1));
                    erased = rows;
                    continue;
                }
                newest = row.Int64(3);
                log.Append(new SealedEntry(Entry(row)));
            }
        if (rows > 0) log.Append(new SealedEntry(Taken(newest, rows, erased, holds)));
        log.WriteHead();
        if (erased > 0) LedgerHead.WriteErased(connection, erased);
        connection.Execute("DROP TABLE audit_payload; DROP TABLE audit_chain");
    }

    private static AuditEntry Taken(long newest, long rows, long erased, bool holds) => new()
    {
        Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), At = Ticks.ToTime(newest), Interaction = LedgerErasure.TakenOver,
        Outcome = AuditOutcome.Success,
        Status = 0, Subject = "ledger", Target = "AuditEvent",
        Reason = $"{LedgerErasure.Through}{erased}, {rows} rows taken over, {(holds ? "the chain held" : "the chain did not hold")}",
    };

    private static AuditEntry Entry(Statement row)
    {
        var isPermitted = row.Int64(4) == 1;
        var entry = new AuditEntry
        {
            Id = row.Text(5), At = Ticks.ToTime(row.Int64(3)), Interaction = row.Text(6), Outcome = isPermitted
                ? AuditOutcome.Success : AuditOutcome.Minor, Status = 0,
            Subject = row.Text(7), Party = row.TextOrNull(8), Role = row.TextOrNull(9), Purpose = row.TextOrNull(10),
            Agent = row.TextOrNull(11), Organization = row.TextOrNull(12),
            Target = row.Text(13), Query = row.TextOrNull(17), CorrelationId = row.TextOrNull(20), Reason = isPermitted ? null : "refused",
        };
        var (person, patient, holder, policies, reason) = (row.TextOrNull(14), row.TextOrNull(15), row.TextOrNull(16), row.Text(18),
            row.TextOrNull(19));
        if (person is null && patient is null && holder is null && policies.Length == 0) return entry with { Reason = reason };
        return entry with
        {
            Details =
            [
                new AuditDetail
                {
                    Kind = !isPermitted ? AuditDetailKind.Refused : entry.Interaction is "create" or "update" or "delete"
                        ? AuditDetailKind.Written : AuditDetailKind.Shown,
                    Person = person, Patient = patient, Holder = holder, Types = [Reference.NamedType(entry.Target) ?? entry.Target],
                        Count = entry.Target.Contains('/') ? 1 : 0,
                    Ids = entry.Target.Contains('/') ? [entry.Target] : [], Policies = policies.Length == 0 ? [] : policies.Split('\n'),
                    Gate = isPermitted ? null : reason, IsWidening = isPermitted && reason == "widening",
                },
            ],
        };
    }
}
