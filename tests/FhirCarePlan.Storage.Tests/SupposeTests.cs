using FhirCarePlan.Fhir.Search;
using static FhirCarePlan.Storage.Tests.Given;

namespace FhirCarePlan.Storage.Tests;

public class SupposeTests
{
    private static readonly SearchParameter Code = Parameter("Task", "code", SearchType.Token);
    private static readonly SearchQuery ByCode =
        new("Task") { Criteria = [new Criterion(Code, Modifier.None, [new QueryValue { Value = "x" }])] };

    [Fact]
    public async Task What_is_supposed_is_found_and_gone_again()
    {
        await using var given = new Given();
        await given.Put("Task/a", [Token(Code, "s", "x")]);
        var change =
            new Change { Versions = [given.Version("Task/b", [Token(Code, "s", "x")]), given.Version("Task/a", [Token(Code, "s", "y")])] };
        for (var time = 0; time < 2; time++)
        {
            var seen = "";
            Assert.Equal(CommitResult.Done,
                given.Store.Suppose(change, s => seen = string.Join(' ', s.Search(ByCode, Own(1)).Hits.Select(h => h.Version.Id))));
            Assert.Equal("b", seen);
            Assert.Equal("a", given.Ids(ByCode));
        }
        await given.Write(change);
        Assert.Equal("b", given.Ids(ByCode));
    }

    [Fact]
    public async Task Standings_that_are_supposed_are_remembered_by_nobody()
    {
        await using var given = new Given();
        await given.Person("p1", 0, Related("p1", "trust", 4));
        Assert.Contains(new Standing(0, 4), given.Ask(s => s.Standings(Key())));
        var change = new Change
        {
            Persons = [new Person("p2", 0, 1, null)], BackedPersons = ["p2"],
            Backings = [Related("p2", "trust", 8)]
        };
        IReadOnlyList<Standing> inside = [];
        given.Store.Suppose(change, s => inside = s.Standings(Key()));
        Assert.Contains(new Standing(0, 8), inside);
        Assert.DoesNotContain(new Standing(0, 8), given.Ask(s => s.Standings(Key())));
        await given.Person("p3");
        Assert.DoesNotContain(new Standing(0, 8), given.Ask(s => s.Standings(Key())));
    }

    [Fact]
    public async Task A_change_that_is_stale_is_not_asked_about()
    {
        await using var given = new Given();
        await given.Put("Task/a");
        var asked = false;
        Assert.Equal(CommitResult.Stale,
            given.Store.Suppose(new Change { Versions = [given.Version("Task/a") with { Replaces = "other" }] }, _ => asked = true));
        Assert.False(asked);
    }

    [Fact]
    public async Task A_question_that_breaks_harms_nobody_else()
    {
        await using var given = new Given();
        var change = new Change { Versions = [given.Version("Task/a")] };
        Assert.Throws<InvalidDataException>(() => given.Store.Suppose(change, _ => throw new InvalidDataException()));
        Assert.Null(given.Ask(s => s.Find("Task", "a")));
        await given.Write(change);
    }

    [Fact]
    public async Task Questions_and_writes_at_once()
    {
        await using var given = new Given();
        var changes = Enumerable.Range(0, 200).Select(n => new Change { Versions = [given.Version($"Task/t{n}", [Token(Code, "s", "x")])] })
            .ToList();
        var tasks = changes.Select((change, n) => n % 2 == 0 ? given.Commit(change)
            : Task.Run(() => given.Store.Suppose(change, s => Assert.NotNull(s.Find("Task", $"t{n}"))))).ToList();
        Assert.All(await Task.WhenAll(tasks), result => Assert.Equal(CommitResult.Done, result));
        Assert.Equal(100, given.Search(ByCode with { Count = 1000 }).Hits.Count);
    }
}
