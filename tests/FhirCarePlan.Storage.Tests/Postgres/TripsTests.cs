using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Storage.Postgres;
using static FhirCarePlan.Storage.Tests.Given;

namespace FhirCarePlan.Storage.Tests.Postgres;

/// <summary>How often a commit goes to the database, whatever it holds: once for all that it must know, once for all that it writes.</summary>
public sealed class TripsTests
{
    private static readonly SearchParameter Code = Parameter("Task", "code", SearchType.Token);

    public TripsTests() => OnPostgres.Choose();

    [PostgresFact]
    public async Task A_row_of_the_ledger_is_two() => Assert.Equal(2, await Of(_ => new Change()));

    [PostgresFact]
    public async Task A_create_is_two_whatever_it_refers_to() => Assert.Equal(2, await Of(given => new Change
    {
        Versions = [given.Version("Task/new", [Token(Code, "s", "x")], person: "p")],
        PersonRevisions = new Dictionary<string, long> { ["p"] = 1 },
        ReferencedRoots = Enumerable.Range(0, 50).ToDictionary(n => $"Task/{n}", _ => (long?)1),
    }));

    [PostgresFact]
    public async Task An_update_asks_once_more_for_the_index_rows_that_it_changes() =>
        Assert.Equal(3, await Of(given => new Change { Versions = [given.Version("Task/1", [Token(Code, "s", "x")])] }));

    [PostgresFact]
    public async Task A_transaction_of_fifty_is_at_most_six() => Assert.InRange(await Of(given => new Change
    {
        Versions = [.. Enumerable.Range(0, 50).Select(n => given.Version($"Task/new{n}", [.. Enumerable.Range(0, 8).Select(m => Token(Code, "s", $"{m}"))]))],
    }), 2, 6);

    private static async Task<long> Of(Func<Given, Change> change)
    {
        await using var given = new Given();
        await given.Person("p");
        for (var n = 0; n < 50; n++) await given.Put($"Task/{n}", [Token(Code, "s", "y")]);
        // The ledger's texts are known after the first row that has them.
        await given.Commit(new Change(), Audit("before", "Task/1"));
        var (trips, asked) = (((PostgresStore)given.Store).Trips, change(given));
        var before = trips.Count;
        Assert.Equal(CommitResult.Done, await given.Commit(asked, Audit("after", "Task/1")));
        return trips.Count - before;
    }
}
