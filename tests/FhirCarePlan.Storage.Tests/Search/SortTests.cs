using FhirCarePlan.Fhir.Search;
using static FhirCarePlan.Storage.Tests.Given;

namespace FhirCarePlan.Storage.Tests.Search;

public class SortTests
{
    private static readonly SearchParameter When = Parameter("Task", "when", SearchType.Date);
    private static readonly SearchParameter Name = Parameter("Task", "name", SearchType.String);
    private static readonly SearchParameter Score = Parameter("Task", "score", SearchType.Number);
    private static readonly SearchParameter Code = Parameter("Task", "code", SearchType.Token);
    private static readonly SearchParameter Subject = Parameter("Task", "subject", SearchType.Reference);

    private static string Sorted(Given given, SearchScope? scope = null, params SortKey[] keys) =>
        given.Ids(new SearchQuery("Task") { Sort = keys }, scope);

    [Fact]
    public async Task Missing_comes_last_either_way_and_ties_stand_by_id()
    {
        await using var given = new Given();
        await given.Put("Task/d", [Date(When, 5, 50), Date(When, 1, 2)]);
        await given.Put("Task/c", [Date(When, 3, 3)]);
        await given.Put("Task/b", [Date(When, 3, 3)]);
        await given.Put("Task/a");
        Assert.Equal("d b c a", Sorted(given, null, new SortKey(When, false)));
        Assert.Equal("d b c a", Sorted(given, null, new SortKey(When, true)));
        Assert.Equal("a b c d", Sorted(given));
        Assert.Equal("d c b a", Sorted(given, null, new SortKey(null, true, "_id")));
    }

    [Fact]
    public async Task Each_kind_of_value_sorts_in_its_order()
    {
        await using var given = new Given();
        await given.Put("Task/a", [Text(Name, "Zoe"), Number(Score, 9), Token(Code, "", "b"), Reference(Subject, "Patient", "2")]);
        await given.Put("Task/b", [Text(Name, "Émile"), Number(Score, 10), Token(Code, "", "a"), Reference(Subject, "Patient", "1")]);
        Assert.Equal("b a", Sorted(given, null, new SortKey(Name, false)));
        Assert.Equal("a b", Sorted(given, null, new SortKey(Score, false)));
        Assert.Equal("b a", Sorted(given, null, new SortKey(Code, false)));
        Assert.Equal("a b", Sorted(given, null, new SortKey(Code, true)));
        Assert.Equal("b a", Sorted(given, null, new SortKey(Subject, false)));
        Assert.Equal("a b", Sorted(given, null, new SortKey(Parameter("Task", "special", SearchType.Special), false)));
    }

    [Fact]
    public async Task The_second_key_decides_among_equals()
    {
        await using var given = new Given();
        await given.Put("Task/a", [Token(Code, "", "x"), Number(Score, 1)]);
        await given.Put("Task/b", [Token(Code, "", "x"), Number(Score, 2)]);
        await given.Put("Task/c", [Token(Code, "", "w"), Number(Score, 0)]);
        Assert.Equal("c b a", Sorted(given, null, new SortKey(Code, false), new SortKey(Score, true)));
    }

    [Fact]
    public async Task A_hidden_value_sorts_as_missing()
    {
        await using var given = new Given();
        await given.Put("Task/a", [Number(Score, 1, labels: 3), Number(Score, 7)]);
        await given.Put("Task/b", [Number(Score, 2, labels: 3)]);
        await given.Put("Task/c", [Number(Score, 5)]);
        Assert.Equal("a b c", Sorted(given, Own(3), new SortKey(Score, false)));
        Assert.Equal("c a b", Sorted(given, Own(1), new SortKey(Score, false)));
    }

    [Fact]
    public async Task Last_updated_is_the_callers_own()
    {
        await using var given = new Given();
        var (early, late, now) = (Now.AddHours(-3), Now.AddHours(-2), Now);
        await given.Put("Task/a", at: early);
        await given.Put("Task/b", at: late);
        await given.Put("Task/a", at: now, changes: [3]);
        Assert.Equal("b a", Sorted(given, Own(1), new SortKey(null, true, "_lastUpdated")));
        Assert.Equal("a b", Sorted(given, Own(3), new SortKey(null, true, "_lastUpdated")));

        string Since(Prefix prefix, DateTimeOffset time, long mask) => given.Ids(new SearchQuery("Task")
        {
            LastUpdated = [[new QueryValue { Prefix = prefix, Low = time.UtcTicks, High = time.UtcTicks }]],
        }, Own(mask));
        Assert.Equal("", Since(Prefix.Gt, late, 1));
        Assert.Equal("a", Since(Prefix.Gt, late, 3));
        Assert.Equal("a", Since(Prefix.Eq, early, 1));
        Assert.Equal("", Since(Prefix.Eq, early, 3));
    }
}
