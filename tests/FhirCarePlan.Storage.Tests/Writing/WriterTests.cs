using static FhirCarePlan.Storage.Tests.Given;

namespace FhirCarePlan.Storage.Tests.Writing;

public class WriterTests
{
    [Fact]
    public async Task A_version_written_against_another_is_stale_and_leaves_nothing()
    {
        await using var given = new Given();
        var first = given.Version("CarePlan/a");
        await given.Write(new Change { Versions = [first] });

        var again = await given.Commit(new Change { Versions = [given.Version("Task/t"), given.Version("CarePlan/a")] }, Audit("1"));
        var wrong = await given.Commit(new Change { Versions = [given.Version("CarePlan/a") with { Replaces = "other" }] }, Audit("2"));
        var absent = await given.Commit(new Change { Versions = [given.Version("CarePlan/b") with { Replaces = "v1" }] }, Audit("3"));

        Assert.Equal((CommitResult.Stale, CommitResult.Stale, CommitResult.Stale), (again, wrong, absent));
        Assert.Null(given.Ask(s => s.Find("Task", "t")));
        Assert.Single(given.Ask(s => s.History("CarePlan", "a")));
        Assert.Empty(given.AllAudit);
    }

    [Fact]
    public async Task A_person_who_moved_makes_a_change_stale()
    {
        await using var given = new Given();
        await given.Person("p1");
        Change At(long revision, string id) =>
            new() { Versions = [given.Version(id, person: "p1")], PersonRevisions = new Dictionary<string, long> { ["p1"] = revision } };
        Assert.Equal(CommitResult.Stale, await given.Commit(At(0, "Task/a")));
        Assert.Equal(CommitResult.Done, await given.Commit(At(1, "Task/b")));
        await given.Person("p1");
        Assert.Equal(CommitResult.Stale, await given.Commit(At(1, "Task/c")));
    }

    [Fact]
    public async Task The_same_resource_twice_in_a_change_is_stale_as_a_whole()
    {
        await using var given = new Given();
        Assert.Equal(CommitResult.Stale, await given.Commit(new Change { Versions = [given.Version("Task/a"), given.Version("Task/a")] }));
        var first = await given.Put("Task/b");
        var next = given.Version("Task/b");
        Assert.Equal(CommitResult.Stale, await given.Commit(new Change { Versions = [next, given.Version("Task/b")] }));
        Assert.Equal(first.VersionId, given.Ask(s => s.Find("Task", "b"))!.VersionId);
    }

    [Fact]
    public async Task Of_many_who_create_the_same_one_wins_and_all_others_hear_it()
    {
        await using var given = new Given();
        var results = await Task.WhenAll(Enumerable.Range(0, 400).Select(n =>
            Task.Run(() =>
                given.Store.Commit(new Change { Versions = [given.Version($"Task/{n % 20}")] }, [Audit($"{n}")], CancellationToken.None))));
        Assert.Equal(20, results.Count(r => r == CommitResult.Done));
        Assert.Equal(380, results.Count(r => r == CommitResult.Stale));
        Assert.Equal(20, given.Search(new("Task")).Total);
        var audit = given.AllAudit;
        Assert.Equal(Enumerable.Range(0, 400).Where(n => results[n] == CommitResult.Done).Select(n => $"{n}")
            .Order(), audit.Select(a => a.Id).Order());
        Assert.True(given.Store.VerifyLedger().IsIntact);
    }

    [Fact]
    public async Task A_change_that_speaks_of_nobody_known_is_a_bug_of_its_own_request_alone()
    {
        await using var given = new Given();
        var tasks = Enumerable.Range(0, 9)
            .Select(n =>
            given.Commit(new Change { Versions = [given.Version($"Task/{n}", person: n == 4 ? "nobody" : null)] }, Audit($"{n}"))).ToList();
        await Assert.ThrowsAsync<InvalidOperationException>(() => tasks[4]);
        tasks.RemoveAt(4);
        Assert.All(await Task.WhenAll(tasks), r => Assert.Equal(CommitResult.Done, r));
        Assert.Null(given.Ask(s => s.Find("Task", "4")));
        Assert.Equal(8, given.AllAudit.Count);
        var proof = given.Store.VerifyLedger();
        Assert.Equal((8, true), (proof.Rows, proof.IsIntact));
    }

    [Fact]
    public async Task A_group_taken_back_for_one_is_whole_for_all_others()
    {
        await using var given = new Given();
        // Found out only after other things were written: the same id twice.
        var results = await Task.WhenAll(Enumerable.Range(0, 60).Select(n => given.Commit(n % 7 == 3
            ? new Change { Versions = [given.Version($"Task/{n}"), given.Version($"Task/{n}")], Persons = [new($"q{n}", 0, 1, null)] }
            : new Change { Versions = [given.Version($"Task/{n}")] }, Audit($"{n}"))));
        for (var n = 0; n < 60; n++)
        {
            Assert.Equal(n % 7 == 3 ? CommitResult.Stale : CommitResult.Done, results[n]);
            Assert.Equal(n % 7 != 3, given.Ask(s => s.Find("Task", $"{n}")) is not null);
            Assert.Equal(n % 7 != 3, given.Ask(s => s.FindAudit($"{n}", Owner)) is not null);
            Assert.Null(given.Ask(s => s.FindPerson($"q{n}")));
        }
        Assert.Equal((51, true), (given.Store.VerifyLedger().Rows, given.Store.VerifyLedger().IsIntact));
        Assert.Equal(51, given.Search(new("Task")).Total);
    }

    [Fact]
    public async Task What_was_cancelled_before_is_not_begun()
    {
        await using var given = new Given();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            given.Store.Commit(new Change(), [Audit("1")], new CancellationToken(true)));
        Assert.Empty(given.AllAudit);
    }

    [Fact]
    public async Task Relabelling_makes_no_version()
    {
        await using var given = new Given();
        var code = Parameter("Task", "code", Fhir.Search.SearchType.Token);
        var asked = new Fhir.Search.Criterion(code, Fhir.Search.Modifier.None, [new Fhir.Search.QueryValue { Value = "x" }]);
        var first = await given.Put("Task/a", [Token(code, "", "x", labels: 1)]);
        var second = await given.Put("Task/a", [Token(code, "", "x", labels: 1)]);
        VersionToWrite Again(StoredVersion version, IndexRow[] rows) =>
            new(version with { Labels = [9], Changes = [2], ChangeMask = 2, RootMask = 2 }, rows) { Replaces = version.VersionId };

        await given.Write(new Change { Versions = [Again(second, [Token(code, "", "x", labels: 4)])] });
        await given.Write(new Change { Versions = [Again(first, [Token(code, "", "x", labels: 1)])] });

        var history = given.Ask(s => s.History("Task", "a"));
        Assert.Equal([second.VersionId, first.VersionId], history.Select(v => v.VersionId));
        Assert.All(history, v => Assert.Equal((9, 2L, 2L), (v.Labels[0], v.RootMask, v.ChangeMask)));
        Assert.Equal("", given.Ids("Task", asked, Own(3)));
        Assert.Equal("a", given.Ids("Task", asked, Own(6)));
        Assert.Equal(CommitResult.Stale, await given.Commit(new Change { Versions = [Again(first with { VersionId = "never" }, [])] }));
    }
}
