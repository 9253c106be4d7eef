namespace FhirCarePlan.Storage.Tests.Reading;

/// <summary>The resources that refer to another, and that nobody writes on an answer that is no longer true.</summary>
public class ReferrerReaderTests
{
    [Fact]
    public async Task Whoever_points_or_ever_pointed_there_is_known()
    {
        await using var given = new Given();
        await given.Write(given.Pointing("CarePlan/now", "Goal/g"));
        await given.Write(given.Pointing("CarePlan/other", "Goal/h"));
        await given.Put("CarePlan/once");
        await given.Write(given.Pointing("CarePlan/once", "Goal/g"));
        await given.Put("CarePlan/once");
        await given.Write(given.Pointing("CarePlan/gone", "Goal/g"));
        await given.Put("CarePlan/gone", isDeleted: true);

        Assert.Equal([("CarePlan", "gone"), ("CarePlan", "now"), ("CarePlan", "once")], given.Ask(s => s.Referrers("Goal", "g")));
        Assert.Empty(given.Ask(s => s.Referrers("Condition", "g")));
    }

    [Fact]
    public async Task A_change_decided_on_other_root_labels_or_other_referrers_is_stale()
    {
        await using var given = new Given();
        await given.Put("Goal/g", root: 1);
        await given.Write(given.Pointing("CarePlan/now", "Goal/g"));

        Assert.Equal(CommitResult.Stale,
            await given.Commit(new Change
            {
                Versions = [given.Version("CarePlan/a")],
                ReferencedRoots = new Dictionary<string, long?> { ["Goal/g"] = 3 }
            }));
        Assert.Equal(CommitResult.Stale,
            await given.Commit(new Change
            {
                Versions = [given.Version("CarePlan/a")],
                ReferencedRoots = new Dictionary<string, long?> { ["Goal/absent"] = 3 }
            }));
        Assert.Equal(CommitResult.Stale,
            await given.Commit(new Change
            {
                Versions = [given.Version("CarePlan/a")],
                ReferrerCounts = new Dictionary<string, int> { ["Goal/g"] = 0 }
            }));
        Assert.Null(given.Ask(s => s.Find("CarePlan", "a")));
        Assert.Equal(CommitResult.Done, await given.Commit(new Change
        {
            Versions = [given.Version("CarePlan/a")],
            ReferencedRoots = new Dictionary<string, long?> { ["Goal/g"] = 1, ["Goal/absent"] = null },
            ReferrerCounts = new Dictionary<string, int> { ["Goal/g"] = 1 },
        }));
    }
}
