using FhirCarePlan.Storage.Sqlite;
using static FhirCarePlan.Storage.Tests.Given;

namespace FhirCarePlan.Storage.Tests.Sqlite;

public class SqliteStoreTests
{
    [Fact]
    public async Task Bits_are_given_once_for_all_time()
    {
        await using var given = new Given();
        var first = given.Store.CategoryBits(["care-plan", "risk", "risk"]);
        Assert.Equal(2, first.Count);
        await given.Reopen();
        var second = given.Store.CategoryBits(["housing", "risk"]);
        Assert.Equal(first["risk"], second["risk"]);
        Assert.Equal(3, new[] { first["care-plan"], first["risk"], second["housing"] }.Distinct().Count());
        Assert.False(second.ContainsKey("care-plan"));

        var all = Enumerable.Range(0, 62).Select(n => $"c{n}").ToArray();
        Assert.Throws<InvalidOperationException>(() => given.Store.CategoryBits(all));
        Assert.Equal(DatabaseStore.MostCategories - 1, given.Store.CategoryBits(all[..59]).Values.Max());
        Assert.Throws<InvalidOperationException>(() => given.Store.CategoryBits(["one-more"]));
    }

    [Fact]
    public async Task Consent_states_are_interned()
    {
        await using var given = new Given();
        Assert.Equal(0, await given.Class(""));
        var one = await given.Class("deny homes");
        var two = await given.Class("deny homes\npermit gp");
        Assert.NotEqual(one, two);
        await given.Reopen();
        Assert.Equal(one, await given.Class("deny homes"));
        Assert.Equal("", given.Ask(s => s.ConsentState(0)));
        Assert.Equal("deny homes\npermit gp", given.Ask(s => s.ConsentState(two)));
    }

    [Fact]
    public async Task Settings_are_kept()
    {
        await using var given = new Given();
        Assert.Null(given.Store.GetSetting("labels"));
        given.Store.SetSetting("labels", "1");
        given.Store.SetSetting("labels", "2");
        await given.Reopen();
        Assert.Equal("2", given.Store.GetSetting("labels"));
    }

    [Fact]
    public async Task Empty_texts_are_not_nothing()
    {
        await using var given = new Given();
        given.Store.SetSetting("empty", "");
        Assert.Equal("", given.Store.GetSetting("empty"));
        await given.Commit(new Change(), Audit("1", agent: "") with { Reason = null, Query = "" });
        var entry = given.Ask(s => s.FindAudit("1", Owner))!;
        Assert.Equal(("", "", null), (entry.Agent, entry.Query, entry.Reason));
    }

    [Fact]
    public async Task A_file_of_another_program_version_is_refused()
    {
        await using var given = new Given();
        given.Tamper("INSERT INTO migration (name, sha256) VALUES ('999-later', '')");
        await Assert.ThrowsAsync<StoreRefusedException>(given.Reopen);
        given.Tamper("DELETE FROM migration WHERE name = '999-later'; UPDATE migration SET sha256 = ''");
        await Assert.ThrowsAsync<StoreRefusedException>(given.Reopen);
    }
}
