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
    public async Task Decisions_on_a_supposed_state_are_remembered_by_nobody()
    {
        await using var given = new Given();
        await given.Person("p", 0, Related("p", "trust", 4));
        await given.Put("Task/a", holder: "gp", person: "p");
        var supposed = new Change { Persons = [new Person("p", 0, 2, null) { NewState = "deny" }] };
        SearchScope As(int consentClass) => Scope(Key(), new PermittedRow("Task", new(consentClass, 4), false, 1));
        given.Store.Suppose(supposed, s =>
        {
            var consentClass = s.FindPerson("p")!.ConsentClass;
            Assert.Equal("deny", s.ConsentState(consentClass));
            Assert.Single(s.Search(new("Task"), As(consentClass)).Hits);
            Assert.Empty(s.Search(new("Task"), As(0)).Hits);
        });
        Assert.Equal("a", given.Ids(new("Task"), As(0)));
        // The number of the state that was taken back goes to another.
        var permit = await given.Class("permit");
        Assert.Equal("permit", given.Ask(s => s.ConsentState(permit)));
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
