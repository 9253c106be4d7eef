using System.Security.Cryptography;

namespace FhirCarePlan.Storage.Sqlite.Auditing;

/// <summary>Appends sealed entries to the chain. The head is read from the database at the start of every group, so that a rolled back
/// group leaves nothing to be taken back and a second process may write in turn.</summary>
internal sealed class AuditLog(Connection connection)
{
    private readonly byte[] chain = new byte[SHA256.HashSizeInBytes];

    /// <summary>The number of the newest row; 0 before the first.</summary>
    public long Head { get; private set; }

    public void ReadHead()
    {
        using var newest = connection.Use("SELECT seq, chain FROM audit_chain ORDER BY seq DESC LIMIT 1");
        if (newest.Step())
        {
            Head = newest.Int64(0);
            newest.Bytes(1).CopyTo(chain);
        }
        else
        {
            Head = 0;
            chain.AsSpan().Clear();
        }
    }

    public void Append(ReadOnlySpan<byte> sealedEntries)
    {
        var entries = new AuditSeal.Reader(sealedEntries);
        while (entries.Next())
        {
            Head++;
            AuditChain.Link(chain, entries.Commitment, chain);
            connection.Use("INSERT INTO audit_chain (seq, commitment, chain) VALUES (?1, ?2, ?3)")
                .Bind(1, Head).BindBlob(2, entries.Commitment).BindBlob(3, chain).Run();
            var payload = connection.Use("""
                INSERT INTO audit_payload (seq, salt, at, is_permitted, id, interaction, subject, party, role, purpose, agent, organization,
                    target, person, patient, holder, query, policies, reason, correlation)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)
                """).Bind(1, Head).BindBlob(2, entries.Salt).Bind(3, entries.At).Bind(4, entries.IsPermitted ? 1 : 0);
            for (var i = 0; i < AuditSeal.FieldCount; i++)
            {
                if (entries.NextField(out var utf8)) payload.BindUtf8(5 + i, utf8);
                else payload.BindNull(5 + i);
            }
            payload.Run();
        }
    }
}
