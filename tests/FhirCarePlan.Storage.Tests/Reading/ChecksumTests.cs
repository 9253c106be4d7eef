using FhirCarePlan.Fhir.Search;
using static FhirCarePlan.Storage.Tests.Given;

namespace FhirCarePlan.Storage.Tests.Reading;

/// <summary>What a disk or a hand changed is never content of an answer, whatever way leads to it, and its neighbours are none the
/// worse.</summary>
public class ChecksumTests
{
    private static readonly SearchParameter Focus = Parameter("Task", "focus", SearchType.Reference);

    [Theory]
    [InlineData("body = X'7B7D'")]
    [InlineData("body = X''")]
    [InlineData("labels = X'01'")]
    [InlineData("labels = X''")]
    [InlineData("root_mask = 0")]
    [InlineData("change_mask = 0")]
    [InlineData("changes = X'0200000000000000'")]
    [InlineData("version_id = 'another'")]
    [InlineData("last_updated = last_updated + 1")]
    [InlineData("content_date = 1")]
    [InlineData("method = 'PATCH'")]
    [InlineData("is_deleted = 1")]
    [InlineData("checksum = checksum + 1")]
    [InlineData("checksum = NULL")]
    [InlineData("body = (SELECT o.body FROM version o JOIN resource r ON r.version = o.no WHERE r.id = 'other')")]
    public async Task Whatever_was_changed_is_noticed(string change)
    {
        await using var given = new Given();
        await Fill(given);
        given.Tamper($"UPDATE version SET {change} WHERE no = (SELECT version FROM resource WHERE id = 'a')");
        AssertDamaged(given);
    }

    [Theory]
    [InlineData("holder = 'stranger'")]
    [InlineData("version = (SELECT o.version FROM resource o WHERE o.id = 'other')")]
    public async Task So_is_content_under_another_resource(string change)
    {
        await using var given = new Given();
        await Fill(given);
        given.Tamper($"UPDATE resource SET {change} WHERE id = 'a'");
        AssertDamaged(given);
    }

    [Fact]
    public async Task No_single_bit_goes_unnoticed()
    {
        await using var given = new Given();
        await Fill(given);
        var body = given.Ask(s => s.Find("Task", "a"))!.Body;
        for (var bit = 0; bit < 8 * body.Length; bit += 7)
        {
            var flipped = body.ToArray();
            flipped[bit / 8] ^= (byte)(1 << bit % 8);
            given.Tamper($"UPDATE version SET body = X'{Convert.ToHexString(flipped)}' WHERE no = (SELECT version FROM resource WHERE id = 'a')");
            Assert.NotNull(given.Ask(s => s.Find("Task", "a"))!.DamagedRow);
        }
        given.Tamper($"UPDATE version SET body = X'{Convert.ToHexString(body)}' WHERE no = (SELECT version FROM resource WHERE id = 'a')");
        Assert.Equal(body, given.Ask(s => s.Find("Task", "a"))!.Body);
    }

    [Fact]
    public async Task Older_versions_have_theirs_and_a_new_one_is_whole_again()
    {
        await using var given = new Given();
        var first = await Fill(given);
        given.Tamper("UPDATE version SET body = X'00' WHERE no = (SELECT version FROM resource WHERE id = 'a')");
        await given.Put("Task/a");
        Assert.Null(given.Ask(s => s.Find("Task", "a"))!.DamagedRow);
        Assert.NotNull(given.Ask(s => s.FindVersion("Task", "a", first.VersionId))!.DamagedRow);
        Assert.Equal([true, false], given.Ask(s => s.History("Task", "a")).Select(v => v.DamagedRow is null));
    }

    [Fact]
    public async Task Labelled_again_a_version_gets_another_checksum()
    {
        await using var given = new Given();
        var first = await Fill(given);
        var again = first with { RootMask = 4, Labels = [9, 9], Changes = [4], ChangeMask = 4 };
        await given.Write(new Change { Versions = [new VersionToWrite(again, []) { Replaces = first.VersionId }] });
        var found = given.Ask(s => s.Find("Task", "a"))!;
        Assert.Equal((null, 4), (found.DamagedRow, found.RootMask));
    }

    /// <summary>Its old labels would lead a search to it.</summary>
    [Fact]
    public async Task What_cannot_be_labelled_again_is_in_nobodys_view()
    {
        await using var given = new Given();
        await Fill(given);
        given.Tamper("UPDATE version SET labels = X'00' WHERE no = (SELECT version FROM resource WHERE id = 'a')");
        Assert.Equal("a other", given.Ids(new SearchQuery("Task")));
        var damaged = given.Ask(s => s.Find("Task", "a"))!;
        await given.Write(new Change { Versions = [new VersionToWrite(damaged, []) { Replaces = damaged.VersionId }] });
        Assert.Equal("other", given.Ids(new SearchQuery("Task")));
        Assert.Equal("", given.Ids("Task", new Criterion(Focus, Modifier.None, [new QueryValue { System = "Goal", Value = "g" }])));
        Assert.NotEqual(0, given.Ask(s => s.Head("Task", "a"))!.Value.Head.RootMask & ~(~0L >>> 2));
        Assert.NotNull(given.Ask(s => s.Find("Task", "a"))!.DamagedRow);
    }

    [Fact]
    public async Task Versions_of_an_older_program_get_theirs_at_the_first_start_and_never_again()
    {
        await using var given = new Given();
        await Fill(given);
        await given.Write(new Change { Versions = [.. Enumerable.Range(0, 1_203).Select(n => given.Version($"Task/old{n}", changes: [1, 2]))] });
        given.Tamper("UPDATE version SET checksum = NULL; DELETE FROM setting WHERE name = 'checksums'");
        Assert.NotNull(given.Ask(s => s.Find("Task", "a"))!.DamagedRow);
        await given.Reopen();
        Assert.All(Enumerable.Range(0, 1_203), n => Assert.Null(given.Ask(s => s.Find("Task", $"old{n}"))!.DamagedRow));
        given.Tamper("UPDATE version SET checksum = NULL WHERE no = (SELECT version FROM resource WHERE id = 'a')");
        await given.Reopen();
        Assert.NotNull(given.Ask(s => s.Find("Task", "a"))!.DamagedRow);
    }

    private static async Task<StoredVersion> Fill(Given given)
    {
        await given.Put("Task/other");
        return await given.Put("Task/a", [Reference(Focus, "Goal", "g")]);
    }

    private static void AssertDamaged(Given given)
    {
        var found = given.Ask(s => s.Find("Task", "a"))!;
        Assert.NotNull(found.DamagedRow);
        var fault = Assert.Throws<DamagedException>(() => found.Body);
        Assert.Throws<DamagedException>(() => found.Labels);
        Assert.DoesNotContain("Task/", fault.Message);
        Assert.NotNull(given.Ask(s => s.FindAll([("Task", "a")]))[0].DamagedRow);
        Assert.NotNull(given.Ask(s => s.Slice("Task", "", 1))[0].DamagedRow);
        var hits = given.Search(new SearchQuery("Task")).Hits;
        Assert.Equal(("other", null), (hits[^1].Version.Id, hits[^1].Version.DamagedRow));
        Assert.All(hits.SkipLast(1), hit => Assert.NotNull(hit.Version.DamagedRow));
        Assert.Null(given.Ask(s => s.Find("Task", "other"))!.DamagedRow);
    }
}
