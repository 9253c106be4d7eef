using static FhirCarePlan.Storage.Tests.Given;

namespace FhirCarePlan.Storage.Tests.Sqlite.Auditing;

public class AuditChainTests
{
    private static async Task<Given> WithRows(int count)
    {
        var given = new Given();
        await Task.WhenAll(Enumerable.Range(1, count).Select(n => given.Commit(new Change(), Audit($"{n}", at: Now.AddMinutes(n)))));
        return given;
    }

    [Fact]
    public async Task An_untouched_chain_holds_and_goes_on_after_a_restart()
    {
        await using var given = await WithRows(5);
        var before = given.Store.VerifyAudit();
        Assert.Equal((5, 0, null), (before.Rows, before.Erased, before.BrokenAt));
        await given.Reopen();
        Assert.Equal(before, given.Store.VerifyAudit());
        await given.Commit(new Change(), Audit("6"), Audit("7"));
        var after = given.Store.VerifyAudit();
        Assert.Equal((7, true), (after.Rows, after.IsIntact));
        Assert.NotEqual(before.Head, after.Head);
    }

    [Theory]
    [InlineData("UPDATE audit_payload SET target = 'CarePlan/b' WHERE seq = 3", 3)]
    [InlineData("UPDATE audit_payload SET is_permitted = 0 WHERE seq = 3", 3)]
    [InlineData("UPDATE audit_payload SET at = at + 1 WHERE seq = 3", 3)]
    [InlineData("UPDATE audit_payload SET holder = NULL WHERE seq = 3", 3)]
    [InlineData("UPDATE audit_payload SET agent = '' WHERE seq = 3", 3)]
    [InlineData("UPDATE audit_payload SET salt = zeroblob(16) WHERE seq = 3", 3)]
    [InlineData("UPDATE audit_payload SET role = subject, subject = role WHERE seq = 3", 3)]
    [InlineData("UPDATE audit_chain SET commitment = zeroblob(32) WHERE seq = 3", 3)]
    [InlineData("UPDATE audit_chain SET chain = zeroblob(32) WHERE seq = 5", 5)]
    [InlineData("DELETE FROM audit_chain WHERE seq = 3", 3)]
    [InlineData("DELETE FROM audit_payload WHERE seq = 3", 3)]
    [InlineData("DELETE FROM audit_chain WHERE seq = 5", 5)]
    [InlineData("UPDATE audit_payload SET seq = 99 WHERE seq = 2; UPDATE audit_payload SET seq = 2 WHERE seq = 3; UPDATE audit_payload SET seq = 3 WHERE seq = 99", 2)]
    public async Task Tampering_is_found(string sql, long at)
    {
        await using var given = await WithRows(5);
        given.Tamper(sql);
        Assert.Equal(at, given.Store.VerifyAudit().BrokenAt);
    }

    [Fact]
    public async Task Erasing_payloads_leaves_the_chain_whole()
    {
        await using var given = await WithRows(2500);
        var before = given.Store.VerifyAudit();
        Assert.Equal(1200, given.Store.EraseAudit(Now.AddMinutes(1201)));
        var after = given.Store.VerifyAudit();
        Assert.Equal((2500, 1200, true, before.Head), (after.Rows, after.Erased, after.IsIntact, after.Head));
        Assert.Null(given.Ask(s => s.FindAudit("1200")));
        Assert.Equal("1201", given.Ask(s => s.FindAudit("1201"))!.Id);
        Assert.Equal(0, given.Store.EraseAudit(Now.AddMinutes(1201)));
        given.Tamper("DELETE FROM audit_payload WHERE seq = 1300");
        Assert.Equal(1300, given.Store.VerifyAudit().BrokenAt);
    }

    [Fact]
    public async Task What_is_erased_is_not_left_in_the_file()
    {
        await using var given = new Given();
        await given.Commit(new Change(), Audit("1", agent: "PractitionerRole/erase-me", at: Now.AddYears(-9)));
        await given.Commit(new Change(), Audit("2", agent: "PractitionerRole/keep-me"));
        given.Store.EraseAudit(Now.AddYears(-1));
        await given.Store.DisposeAsync();
        var bytes = await File.ReadAllBytesAsync(given.File);
        Assert.True(bytes.AsSpan().IndexOf("keep-me"u8) > 0);
        Assert.True(bytes.AsSpan().IndexOf("erase-me"u8) < 0);
    }
}
