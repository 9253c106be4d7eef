using System.Text;
using static FhirCarePlan.Storage.Tests.Given;

namespace FhirCarePlan.Storage.Tests.Search;

/// <summary>Histories of a type: in slices along the index of times where the view is large.</summary>
public class HistoryTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(900)]
    public async Task A_long_history_comes_in_slices_without_a_gap(int count)
    {
        await using var given = new Given();
        // More than a slice of one moment, and more than a small view of resources.
        for (var round = 0; round < 3; round++)
            foreach (var some in Enumerable.Range(0, 1200).Chunk(200))
                await given.Write(new Change { Versions = [.. some.Select(n => given.Version($"Task/t{round}-{n}", root: n % 5 == 0 ? 2 : 1, at: Now.AddSeconds(round)))] });
        var (query, found) = (new HistoryQuery("Task", 1, count), new List<string>());
        for (var pages = 0; pages < 420; pages++)
        {
            var rows = given.Ask(s => s.History(query, Own(1)));
            var page = rows.Take(count).ToList();
            found.AddRange(page.Select(row => given.Ask(s => s.Fetch(row)).Hit.Version.Id));
            if (rows.Count <= count) break;
            query = query with { After = page[^1].Place };
        }
        var expected = Enumerable.Range(0, 3).Reverse().SelectMany(round => Enumerable.Range(0, 1200).Reverse().Where(n => n % 5 > 0).Select(n => $"t{round}-{n}"));
        Assert.Equal(expected.Take(count == 1 ? 420 : int.MaxValue), found);
    }

    /// <summary>In a partial view a resource is one entry: under the version whose change the caller sees, with that one's method.</summary>
    [Fact]
    public async Task A_hidden_change_leaves_no_trace()
    {
        await using var given = new Given();
        await given.Put("Task/a", root: 1, changes: [1]);
        var before = Entry();
        await given.Put("Task/a", root: 1, changes: [3]);
        var after = Entry();
        Assert.Equal(before, after with { Body = before.Body });
        Assert.NotEqual(before.Body, after.Body); // the current content, which the caller's mask cuts
        Assert.Equal("POST", after.Method);

        (string VersionId, string Method, DateTimeOffset At, bool IsCreation, string Body) Entry()
        {
            var (hit, isCreation) = given.Ask(s => s.Fetch(Assert.Single(s.History(new("Task", 3, 9), Own(1)))));
            return (hit.Version.VersionId, hit.Version.Method, hit.Version.LastUpdated, isCreation, Encoding.UTF8.GetString(hit.Version.Body));
        }
    }

    [Fact]
    public async Task What_makes_a_resource_is_its_first_version_and_the_first_after_a_deletion()
    {
        await using var given = new Given();
        await given.Put("Task/a");
        await given.Put("Task/a");
        await given.Put("Task/a", isDeleted: true);
        await given.Put("Task/a");
        Assert.Equal([true, false, false, true], given.Ask(s => s.History(new("Task", 1, 9), Own(1)).Select(row => s.Fetch(row).IsCreation).ToList()));
        Assert.Equal([false, true, false, false], given.Ask(s => s.Heads("Task", "a")).Select(v => v.IsDeleted));
        Assert.Equal(given.Ask(s => s.History("Task", "a")).Select(v => (v.VersionId, v.Method, v.LastUpdated, v.RootMask)), given.Ask(s => s.Heads("Task", "a")).Select(v => (v.VersionId, v.Method, v.LastUpdated, v.RootMask)));
    }
}
