using FhirCarePlan.Storage.Auditing;
using FhirCarePlan.Storage.Sqlite;
using FhirCarePlan.Storage.Sqlite.Auditing;
using static FhirCarePlan.Storage.Tests.Given;

namespace FhirCarePlan.Storage.Tests.Auditing;

public class LedgerVerificationTests
{
    internal static async Task<Given> WithRows(int count)
    {
        var given = new Given();
        for (var n = 1; n <= count; n++)
            await given.Commit(new Change(),
            Audit($"{n}", $"CarePlan/{n}", patient: "Patient/p", agent: "PractitionerRole/x", at: Now.AddMinutes(n)));
        return given;
    }

    [Fact]
    public async Task An_untouched_ledger_holds_and_goes_on_after_a_restart()
    {
        await using var given = await WithRows(5);
        var before = given.Store.VerifyLedger();
        Assert.Equal((5, 0, true, null), (before.Rows, before.Erased, before.IsIntact, before.At));
        await given.Reopen();
        Assert.Equal(before, given.Store.VerifyLedger());
        await given.Commit(new Change(), Audit("6"), Audit("7"));
        var after = given.Store.VerifyLedger();
        Assert.Equal((7, true), (after.Rows, after.IsIntact));
        Assert.NotEqual(before.Head, after.Head);
    }

    [Theory]
    [InlineData("UPDATE ledger SET payload = (SELECT payload FROM ledger WHERE seq = 4) WHERE seq = 3", LedgerFault.Broken, 3)]
    [InlineData("UPDATE ledger SET payload = zeroblob(60) WHERE seq = 3", LedgerFault.Broken, 3)]
    [InlineData("UPDATE ledger SET salt = zeroblob(16) WHERE seq = 3", LedgerFault.Broken, 3)]
    [InlineData("UPDATE ledger SET tag = tag + 1 WHERE seq = 3", LedgerFault.Broken, 3)]
    [InlineData("UPDATE ledger_text SET text = replace(text, 'PractitionerRole/x', 'PractitionerRole/y')", LedgerFault.Broken, 1)]
    [InlineData("UPDATE ledger_text SET text = replace(text, 'Patient/p', 'Patient/q')", LedgerFault.Broken, 1)]
    [InlineData("DELETE FROM ledger_text WHERE no = 1", LedgerFault.Broken, 1)]
    [InlineData("DELETE FROM ledger WHERE seq = 3", LedgerFault.Broken, 3)]
    [InlineData("DELETE FROM ledger WHERE seq = 3; UPDATE ledger SET seq = seq - 1 WHERE seq > 3; UPDATE ledger_head SET seq = 4",
        LedgerFault.Broken, 3)]
    [InlineData("UPDATE ledger SET seq = 9 WHERE seq = 2; UPDATE ledger SET seq = 2 WHERE seq = 3; UPDATE ledger SET seq = 3 WHERE seq = 9",
        LedgerFault.Broken, 2)]
    [InlineData("INSERT INTO ledger SELECT 6, tag, salt, payload FROM ledger WHERE seq = 3; UPDATE ledger_head SET seq = 6",
        LedgerFault.Broken, 6)]
    [InlineData("INSERT INTO ledger SELECT 6, tag, salt, payload FROM ledger WHERE seq = 3", LedgerFault.Broken, 6)]
    [InlineData("DELETE FROM ledger WHERE seq = 5", LedgerFault.CutOff, 5)]
    [InlineData("DELETE FROM ledger WHERE seq = 5; UPDATE ledger_head SET seq = 4", LedgerFault.CutOff, 5)]
    [InlineData("DELETE FROM ledger; UPDATE ledger_head SET seq = 0", LedgerFault.CutOff, 1)]
    [InlineData("UPDATE ledger_head SET genesis = state", LedgerFault.Broken, 1)]
    [InlineData("DELETE FROM ledger_head", LedgerFault.Broken, 1)]
    [InlineData("INSERT INTO ledger_part VALUES (5, 4)", LedgerFault.Broken, 5)]
    [InlineData("INSERT INTO ledger_part VALUES (99, 4)", LedgerFault.WrongIndex, 1)]
    public async Task Tampering_without_the_key_is_found(string sql, LedgerFault fault, long at)
    {
        await using var given = await WithRows(5);
        given.Tamper(sql);
        var proof = given.Store.VerifyLedger();
        Assert.Equal((fault, at), (proof.Fault, proof.At));
    }

    [Fact]
    public async Task A_resource_that_gets_another_name_is_found()
    {
        await using var given = new Given();
        await given.Put("CarePlan/a");
        await given.Commit(new Change(), Audit("1", "Task/t"), Audit("2", "CarePlan/a"));
        Assert.True(given.Store.VerifyLedger().IsIntact);
        given.Tamper("UPDATE resource SET id = 'b'");
        Assert.Equal((LedgerFault.Broken, 2), (given.Store.VerifyLedger().Fault, given.Store.VerifyLedger().At));
    }

    [Fact]
    public async Task A_payload_erased_unseen_is_found()
    {
        await using var given = await WithRows(5);
        given.Tamper(WipeSql(given, 3));
        var proof = given.Store.VerifyLedger();
        Assert.Equal((LedgerFault.ErasedUnseen, 3), (proof.Fault, proof.At));

        // Nor does a mark in the database excuse it.
        given.Tamper("UPDATE ledger_head SET erased = 5");
        Assert.Equal(LedgerFault.ErasedUnseen, given.Store.VerifyLedger().Fault);
    }

    /// <summary>By an attacker who knows how the ledger is made: the commitment takes the payload's place.</summary>
    private static string WipeSql(Given given, long seq)
    {
        var entry = given.AllAudit.Single(e => e.Id == $"{seq}");
        byte[] salt;
        using (var connection = given.Connect())
        using (var row = connection.Use("SELECT salt FROM ledger WHERE seq = ?1").Bind(1, seq))
        {
            row.Step();
            salt = row.Blob(0);
        }
        return $"UPDATE ledger SET salt = NULL, payload = x'{Convert.ToHexString(Commitment.Of(salt, entry))}' WHERE seq = {seq}";
    }

    [Fact]
    public async Task A_chain_made_anew_without_the_key_is_found()
    {
        await using var given = await WithRows(5);
        given.Tamper(Remade(given, new LedgerKey(new byte[32])));
        Assert.Equal((LedgerFault.Broken, 1), (given.Store.VerifyLedger().Fault, given.Store.VerifyLedger().At));
    }

    /// <summary>Row 3 says something else, and the chain fits it.</summary>
    private static string Remade(Given given, LedgerKey key)
    {
        var (sql, state) = ("", new byte[32]);
        using var connection = given.Connect();
        var reader = new LedgerReader(connection, new LedgerTextCache());
        using var row = connection.Use("SELECT seq, salt, payload FROM ledger ORDER BY seq");
        while (row.Step())
        {
            var salt = row.Int64(0) == 3 ? new byte[16] : row.Blob(1);
            key.Link(state, Commitment.Of(salt, reader.Read(row.Bytes(2))));
            sql += $"UPDATE ledger SET tag = {LedgerLog.TagOf(state)}, salt = x'{Convert.ToHexString(salt)}' WHERE seq = {row.Int64(0)};";
        }
        return sql + $"UPDATE ledger_head SET state = x'{Convert.ToHexString(state)}'";
    }

    [Fact]
    public async Task A_receipt_finds_what_was_done_with_the_key_afterwards()
    {
        await using var given = await WithRows(5);
        var receipt = given.Store.Receipt(Now);
        Assert.True(given.Store.VerifyLedger(receipt).IsIntact);
        await given.Commit(new Change(), Audit("6"));
        Assert.True(given.Store.VerifyLedger(receipt).IsIntact);

        given.Tamper(Remade(given, Secret));
        Assert.True(given.Store.VerifyLedger().IsIntact);
        Assert.Equal((LedgerFault.OtherThanReceipt, 5), (given.Store.VerifyLedger(receipt).Fault, given.Store.VerifyLedger(receipt).At));
    }

    [Fact]
    public async Task A_receipt_of_an_empty_ledger_holds_too()
    {
        await using var given = new Given();
        var receipt = given.Store.Receipt(Now);
        Assert.True(given.Store.VerifyLedger(receipt).IsIntact);
        await given.Commit(new Change(), Audit("1"));
        Assert.True(given.Store.VerifyLedger(receipt).IsIntact);
    }

    [Fact]
    public async Task A_receipt_that_the_ledgers_key_did_not_sign_is_none()
    {
        await using var given = await WithRows(3);
        var receipt = given.Store.Receipt(Now);
        LedgerReceipt[] forged =
        [
            receipt with { Rows = 2 }, receipt with { At = Now.AddTicks(1) }, receipt with { Head = new string('0', 64) }, receipt
                with { Signature = "" },
            receipt with { Signature = new LedgerKey(new byte[32]).Sign(receipt.Rows, receipt.Head, receipt.At) },
        ];
        Assert.All(forged, f => Assert.Equal(LedgerFault.ForeignReceipt, given.Store.VerifyLedger(f).Fault));
    }

    [Fact]
    public async Task A_database_begun_with_another_key_is_refused()
    {
        await using var given = await WithRows(3);
        Assert.Throws<LedgerKeyException>(() => given.Open(new LedgerKey(new byte[32])));
        given.Tamper("DELETE FROM setting WHERE name = 'ledger-key'");
        await Assert.ThrowsAsync<LedgerKeyException>(given.Reopen);
    }

    [Theory]
    [InlineData("DELETE FROM ledger_facet")]
    [InlineData("DELETE FROM ledger_bundle WHERE first = (SELECT min(first) FROM ledger_bundle)")]
    [InlineData("UPDATE ledger_block SET at_max = at_min")]
    [InlineData("UPDATE ledger_block SET events = x'01'")]
    [InlineData("UPDATE ledger_facet SET rows = x'01' WHERE key = (SELECT min(key) FROM ledger_facet)")]
    public async Task An_index_that_hides_events_is_found(string sql)
    {
        await using var given = new Given();
        await given.Commit(new Change(),
            [.. Enumerable.Range(0, RowSet.Rows).Select(n => Audit($"{n}", $"Task/{n}", at: Now.AddSeconds(n)))]);
        given.Store.FinishLedgerBlocks();
        Assert.True(given.Store.VerifyLedger().IsIntact);
        given.Tamper(sql);
        Assert.Equal((LedgerFault.WrongIndex, 1), (given.Store.VerifyLedger().Fault, given.Store.VerifyLedger().At));
    }

    // ---- erasure -----------------------------------------------------------------------------------------------------------

    internal static readonly AuditEntry Order = Audit("order", party: null) with { Subject = "retention", Details = [] };

    [Fact]
    public async Task Erasing_payloads_leaves_the_chain_whole()
    {
        await using var given = new Given();
        await given.Commit(new Change(), [.. Enumerable.Range(1, 2500).Select(n => Audit($"{n}", at: Now.AddMinutes(n)))]);
        var receipt = given.Store.Receipt(Now);
        Assert.Equal(1200, given.Store.EraseAudit(Now.AddMinutes(1201), Order with { At = Now.AddMinutes(2501) }));
        var after = given.Store.VerifyLedger(receipt);
        Assert.Equal((2501, 1200, true), (after.Rows, after.Erased, after.IsIntact));
        Assert.Null(given.Ask(s => s.FindAudit("1200", Owner)));
        Assert.Equal("1201", given.Ask(s => s.FindAudit("1201", Owner))!.Id);
        Assert.Equal(("erase", "through 1200", "retention"),
            (given.AllAudit[0].Interaction, given.AllAudit[0].Reason, given.AllAudit[0].Subject));
        Assert.Equal(0, given.Store.EraseAudit(Now.AddMinutes(1201), Order));
        given.Tamper(WipeSql(given, 1300));
        Assert.Equal((LedgerFault.ErasedUnseen, 1300), (given.Store.VerifyLedger().Fault, given.Store.VerifyLedger().At));
    }

}
