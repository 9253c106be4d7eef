using System.Buffers.Binary;
using System.Security.Cryptography;
using FhirCarePlan.Storage.Sqlite;
using static FhirCarePlan.Storage.Tests.Given;

namespace FhirCarePlan.Storage.Tests.Sqlite.Auditing;

/// <summary>Databases made before the ledger had a key.</summary>
public class OldLedgerTests
{
    /// <summary>Puts a database back to what migrations 001 to 003 made, with three rows of which the first was erased.</summary>
    private static string Back(bool isBroken)
    {
        var sql = """
            DROP TABLE ledger; DROP TABLE ledger_head; DROP TABLE ledger_text; DROP TABLE ledger_open; DROP TABLE ledger_part; DROP TABLE ledger_block;
            DROP TABLE ledger_facet; DROP TABLE ledger_bundle; DELETE FROM migration WHERE name = '005-ledger'; DELETE FROM setting WHERE name = 'ledger-key';
            CREATE TABLE audit_block (no INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, at_min INTEGER NOT NULL, at_max INTEGER NOT NULL);
            CREATE TABLE audit_facet (block INTEGER NOT NULL, facet INTEGER NOT NULL, value TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (block, facet, value, seq)) WITHOUT ROWID;
            CREATE TABLE audit_chain (seq INTEGER PRIMARY KEY, commitment BLOB NOT NULL, chain BLOB NOT NULL);
            CREATE TABLE audit_payload (seq INTEGER PRIMARY KEY, salt BLOB NOT NULL, at INTEGER NOT NULL, is_permitted INTEGER NOT NULL, id TEXT NOT NULL, interaction TEXT NOT NULL,
                subject TEXT NOT NULL, party TEXT, role TEXT, purpose TEXT, agent TEXT, organization TEXT, target TEXT NOT NULL, person TEXT, patient TEXT, holder TEXT, query TEXT,
                policies TEXT NOT NULL, reason TEXT, correlation TEXT);

            """;
        var chain = new byte[32];
        for (var seq = 1; seq <= 3; seq++)
        {
            var commitment = SHA256.HashData(BitConverter.GetBytes(seq));
            chain = SHA256.HashData([.. chain, .. commitment]);
            if (isBroken && seq == 2) chain[0]++;
            sql += $"INSERT INTO audit_chain VALUES ({seq}, x'{Convert.ToHexString(commitment)}', x'{Convert.ToHexString(chain)}');\n";
        }
        return sql + $"""
            INSERT INTO audit_payload VALUES (2, zeroblob(16), {Now.UtcTicks}, 1, 'a', 'read', 'cpn-1', 'gp', 'gp', 'TREAT', 'PractitionerRole/gp', 'Organization/gp',
                'CarePlan/robin-plan', 'person-robin', 'Patient/robin', 'trust', NULL, 'rivelin|1#a' || char(10) || 'rivelin|1#b', NULL, 'c');
            INSERT INTO audit_payload VALUES (3, zeroblob(16), {Now.AddHours(1).UtcTicks}, 0, 'b', 'read', 'cpn-2', 'homes', NULL, NULL, NULL, NULL,
                'Condition/x', 'person-robin', 'Patient/robin', 'trust', NULL, '', 'G8', NULL);
            """;
    }

    [Theory]
    [InlineData(false, "through 1, 3 rows taken over, the chain held")]
    [InlineData(true, "through 1, 3 rows taken over, the chain did not hold")]
    public async Task Rows_come_over_and_the_new_chain_begins_on_the_old_head(bool isBroken, string reason)
    {
        await using var given = new Given();
        await given.Store.DisposeAsync();
        given.Tamper(Back(isBroken));
        await given.Reopen();
        await given.Commit(new Change(), Audit("after"));
        var proof = given.Store.VerifyLedger();
        Assert.Equal((5, 1, true), (proof.Rows, proof.Erased, proof.IsIntact));
        Assert.Equal(reason, given.AllAudit[1].Reason);

        var refused = given.AllAudit[2];
        Assert.Equal((AuditOutcome.Minor, AuditDetailKind.Refused, "G8", "refused"),
            (refused.Outcome, refused.Details[0].Kind, refused.Details[0].Gate, refused.Reason));
        var found = given.Ask(s =>
            s.Audit(new AuditQuery(new AuditReader("trust")) { Criteria = [AuditCriterion.Of(AuditFacet.Policy, "rivelin|1#b")] }))
            .Entries.Single();
        Assert.Equal(("a", "gp", "Patient/robin", "CarePlan/robin-plan", "trust"),
            (found.Id, found.Party, found.Details[0].Patient, found.Details[0].Ids[0], found.Details[0].Holder));
        await given.Reopen();
        Assert.Equal(proof, given.Store.VerifyLedger());
    }

    [Fact]
    public async Task A_broken_link_is_told_apart_from_a_new_beginning()
    {
        await using var given = new Given();
        await given.Store.DisposeAsync();
        given.Tamper(Back(isBroken: false));
        await given.Reopen();
        given.Tamper("UPDATE ledger_head SET genesis = zeroblob(32)");
        Assert.Equal((LedgerFault.Broken, 1), (given.Store.VerifyLedger().Fault, given.Store.VerifyLedger().At));
    }
}
