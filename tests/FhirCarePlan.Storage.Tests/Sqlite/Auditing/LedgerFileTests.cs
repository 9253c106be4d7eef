using FhirCarePlan.Storage.Auditing;
using FhirCarePlan.Storage.Tests.Auditing;
using static FhirCarePlan.Storage.Tests.Given;

namespace FhirCarePlan.Storage.Tests.Sqlite.Auditing;

public class LedgerFileTests
{
    [Fact]
    public async Task A_file_is_checked_beside_the_store_and_not_with_another_key()
    {
        await using var given = new Given();
        await given.Commit(new Change(), Audit("1"));
        Assert.Throws<LedgerKeyException>(() => LedgerView.OfFile($"Data Source={given.File}", new LedgerKey(new byte[32])));
        using var file = LedgerView.OfFile($"Data Source={given.File}", Secret);
        Assert.True(file.Verify(file.Receipt(Now)).IsIntact);
    }

    [Fact]
    public async Task A_receipt_finds_an_older_copy_put_back()
    {
        await using var given = await LedgerVerificationTests.WithRows(3);
        await given.Store.DisposeAsync();
        var copy = await File.ReadAllBytesAsync(given.File);
        await given.Reopen();
        await given.Commit(new Change(), Audit("4"));
        var receipt = given.Store.Receipt(Now);
        await given.Store.DisposeAsync();
        await File.WriteAllBytesAsync(given.File, copy);
        await given.Reopen();
        Assert.True(given.Store.VerifyLedger().IsIntact);
        Assert.Equal((LedgerFault.CutOff, 4), (given.Store.VerifyLedger(receipt).Fault, given.Store.VerifyLedger(receipt).At));
    }

    [Fact]
    public async Task What_is_erased_is_not_left_in_the_file_and_the_rest_goes_on()
    {
        await using var given = new Given();
        await given.Commit(new Change(),
            Audit("1", "CarePlan/erase-this", patient: "Patient/erase-that", agent: "PractitionerRole/erase-me", at: Now.AddYears(-9)));
        await given.Commit(new Change(), Audit("2", agent: "PractitionerRole/keep-me"));
        given.Store.EraseAudit(Now.AddYears(-1), LedgerVerificationTests.Order);
        await given.Commit(new Change(), Audit("3", agent: "PractitionerRole/keep-me"), Audit("4", agent: "PractitionerRole/new"));
        Assert.Equal(["4", "3", "order", "2"], given.AllAudit.Select(e => e.Id));
        Assert.True(given.Store.VerifyLedger().IsIntact);
        await given.Store.DisposeAsync();
        var bytes = await File.ReadAllBytesAsync(given.File);
        Assert.True(bytes.AsSpan().IndexOf("keep-me"u8) > 0);
        Assert.True(bytes.AsSpan().IndexOf("erase-"u8) < 0);
    }
}
