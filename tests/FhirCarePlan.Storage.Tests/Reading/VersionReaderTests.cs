using System.Text;
using static FhirCarePlan.Storage.Tests.Given;

namespace FhirCarePlan.Storage.Tests.Reading;

public class VersionReaderTests
{
    [Fact]
    public async Task A_version_comes_back_as_it_went_in()
    {
        await using var given = new Given();
        await given.Person("p1");
        var write = given.Version("CarePlan/a", root: 5, changes: [5, 13, 6], person: "p1");
        var version = write.Version
            with
        { ContentDate = Now.AddYears(-1), Body = Encoding.UTF8.GetBytes("{\"x\":\"é\\u0000\"}"), Labels = [0, 255, 7] };
        await given.Write(new Change { Versions = [write with { Version = version }] });
        await given.Reopen();

        var found = given.Ask(s => s.Find("CarePlan", "a"))!;
        Assert.Equivalent(version with { Changes = [] }, found with { Changes = [] }, strict: true);
        Assert.Equal([5, 6], found.Changes.Order()); // 13 holds all bits of 5: a caller who sees 13 sees 5.
        Assert.Null(given.Ask(s => s.Find("CarePlan", "A")));
        Assert.Null(given.Ask(s => s.Find("Careplan", "a")));
    }

    [Fact]
    public async Task A_deletion_is_a_version_and_history_is_newest_first()
    {
        await using var given = new Given();
        var first = await given.Put("CarePlan/a");
        var second = await given.Put("CarePlan/a");
        var gone = await given.Put("CarePlan/a", isDeleted: true);
        await given.Put("CarePlan/b");

        var current = given.Ask(s => s.Find("CarePlan", "a"))!;
        Assert.True(current.IsDeleted);
        Assert.Empty(current.Body);
        Assert.Equal("DELETE", current.Method);
        Assert.Equal([gone.VersionId, second.VersionId, first.VersionId], given.Ask(s => s.History("CarePlan", "a"))
            .Select(v => v.VersionId));
        Assert.Equal(first.Body, given.Ask(s => s.FindVersion("CarePlan", "a", first.VersionId))!.Body);
        Assert.Null(given.Ask(s => s.FindVersion("CarePlan", "b", first.VersionId)));
        Assert.Empty(given.Ask(s => s.History("CarePlan", "none")));
    }

    [Fact]
    public async Task A_snapshot_stays_where_it_was_opened()
    {
        await using var given = new Given();
        var first = await given.Put("CarePlan/a");
        using var before = given.Store.Read();
        var second = await given.Put("CarePlan/a");
        Assert.Equal(first.VersionId, before.Find("CarePlan", "a")!.VersionId);
        Assert.Equal(second.VersionId, given.Ask(s => s.Find("CarePlan", "a"))!.VersionId);
    }

    [Fact]
    public async Task Slices_go_through_all_that_is_not_deleted()
    {
        await using var given = new Given();
        foreach (var reference in new[] { "Task/a", "CarePlan/b", "CarePlan/a", "CarePlan/c" }) await given.Put(reference);
        await given.Put("CarePlan/c", isDeleted: true);
        var all = new List<string>();
        for (StoredVersion? last = null; given.Ask(s => s.Slice(last?.Type, last?.Id, 2)) is { Count: > 0 } slice; last = slice[^1])
            all.AddRange(slice.Select(v => $"{v.Type}/{v.Id}"));
        Assert.Equal(["CarePlan/a", "CarePlan/b", "Task/a"], all);
    }

    // Versions: 1 created {root 1}, 2 changed under {1, 2} together, 3 changed under 4, 4 changed for nobody.
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(5, 3)]
    [InlineData(7, 3)]
    [InlineData(2, 1)] // A caller who may not see the resource does not ask; the first version is the answer.
    public async Task The_version_one_sees_is_the_newest_in_which_something_changed_that_one_sees(long mask, int seen)
    {
        await using var given = new Given();
        StoredVersion[] versions =
        [
            await given.Put("CarePlan/a", changes: [1]), await given.Put("CarePlan/a", changes: [3]),
            await given.Put("CarePlan/a", changes: [4, 12]), await given.Put("CarePlan/a", changes: []),
        ];
        var stamp = new VersionStamp(versions[seen - 1].VersionId, versions[seen - 1].LastUpdated);
        Assert.Equal(stamp, given.Ask(s => s.VisibleVersion("CarePlan", "a", mask)));

        if ((1 & ~mask) != 0) return;
        var hit = given.Search(new("CarePlan"), Own(mask)).Hits.Single();
        Assert.Equal(stamp, new VersionStamp(hit.Version.VersionId, hit.Version.LastUpdated));
        Assert.Equal(versions[3].Body, hit.Version.Body);
        Assert.Equal(mask, hit.Permitted);
    }

    [Fact]
    public async Task Nothing_is_seen_of_what_never_was()
    {
        await using var given = new Given();
        Assert.Null(given.Ask(s => s.VisibleVersion("CarePlan", "a", 1)));
    }
}
