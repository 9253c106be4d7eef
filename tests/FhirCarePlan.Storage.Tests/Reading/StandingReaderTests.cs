using static FhirCarePlan.Storage.Tests.Given;

namespace FhirCarePlan.Storage.Tests.Reading;

public class StandingReaderTests
{
    private static readonly string[] Regards = [Backing.AnyHolder, "trust", "council", "Task/a"];

    private static string Standings(Given given, StandingKey key) =>
        string.Join(' ', given.Ask(s => s.Standings(key)).OrderBy(s => s.ConsentClass ?? -1).ThenBy(s => s.Kinds)
            .Select(s => $"{s.ConsentClass?.ToString() ?? "-"}:{s.Kinds}"));

    [Fact]
    public async Task All_ways_to_stand_are_named_once()
    {
        await using var given = new Given();
        Assert.Equal("-:0 0:0", Standings(given, Key()));
        var refused = given.Store.ConsentClass("deny");
        await given.Person("p1", refused, Related("p1", "gp", 4), Related("p1", "gp", 8), Related("p1", "gp", 8, regard: "trust"));
        await given.Person("p2", 0, Related("p2", "gp", 4), Related("p2", "homes", 16));
        await given.Person("p3", 0, Related("p3", "gp", 4));
        Assert.Equal("-:0 0:0 0:4 1:0 1:12", Standings(given, Key("gp")));
        Assert.Equal("-:0 0:0 0:16 1:0", Standings(given, Key("homes")));
        Assert.Equal("-:0 0:0 1:0", Standings(given, Key("council")));
    }

    [Fact]
    public async Task What_only_an_actor_has_counts_for_him_alone()
    {
        await using var given = new Given();
        await given.Person("p1", 0, Related("p1", "gp", 4), Related("p1", "gp", 8, actor: "PractitionerRole/x"),
            Related("p1", "gp", 16, actor: "PractitionerRole/y"));
        Assert.Equal("-:0 0:0 0:4", Standings(given, Key("gp")));
        Assert.Equal("-:0 0:0 0:4 0:12", Standings(given, Key("gp", actors: ["PractitionerRole/x", "Organization/z"])));
        Assert.Equal("-:0 0:0", Standings(given, Key("homes", actors: ["PractitionerRole/x"])));
    }

    [Fact]
    public async Task Towards_oneself_one_stands_besides()
    {
        await using var given = new Given();
        await given.Person("p1", given.Store.ConsentClass("deny"), Related("p1", "self", 4));
        Assert.Equal("-:0 0:0 1:0 1:1", Standings(given, Key("people", self: "p1", selfKind: 1)));
        Assert.Contains("1:5", Standings(given, Key("self", self: "p1", selfKind: 1)));
    }

    [Fact]
    public async Task Periods_begin_and_end_while_the_store_remembers()
    {
        await using var given = new Given();
        await given.Person("p1", 0, Related("p1", "gp", 4, from: Now, to: Now.AddHours(2)),
            Related("p1", "gp", 8, from: Now.AddHours(1), to: Now.AddHours(2)));
        Assert.Equal("-:0 0:0", Standings(given, Key("gp", now: Now.AddTicks(-1))));
        Assert.Equal("-:0 0:0 0:4", Standings(given, Key("gp", now: Now)));
        Assert.Equal("-:0 0:0 0:12", Standings(given, Key("gp", now: Now.AddHours(1))));
        Assert.Equal("-:0 0:0", Standings(given, Key("gp", now: Now.AddHours(2))));
    }

    [Fact]
    public async Task Changes_are_seen_without_reading_all_again()
    {
        await using var given = new Given();
        await given.Person("p1", 0, Related("p1", "gp", 4));
        Assert.Contains("0:4", Standings(given, Key("gp")));
        using (var old = given.Store.Read())
        {
            await given.Person("p2", given.Store.ConsentClass("deny"), Related("p2", "gp", 8),
                Related("p2", "gp", 16, from: Now.AddHours(1)));
            Assert.Contains("1:8", Standings(given, Key("gp")));
            Assert.DoesNotContain(new Standing(1, 8), old.Standings(Key("gp")));
        }
        // The clock of one request is behind that of another.
        Assert.Contains("1:8", Standings(given, Key("gp", now: Now.AddTicks(-5))));
        Assert.Contains("1:24", Standings(given, Key("gp", now: Now.AddHours(1))));
        await given.Person("p1", 1);
        Assert.Contains("1:4", Standings(given, Key("gp", now: Now.AddHours(1))));
    }

    [Fact]
    public async Task It_never_lacks_a_standing_whatever_happens_in_whatever_order()
    {
        await using var given = new Given();
        var random = new Random(7);
        var relationships = new Dictionary<string, List<Backing>>();
        var classes = new Dictionary<string, int>();
        foreach (var state in new[] { "a", "b", "c" }) given.Store.ConsentClass(state);
        for (var step = 0; step < 300; step++)
        {
            var person = $"p{random.Next(6)}";
            var mine = Enumerable.Range(0, random.Next(4))
                .Select(n => Related(person, random.Next(3) == 0 ? "homes" : "gp", 1L << random.Next(5),
                from: Now.AddMinutes(random.Next(60)), to: random.Next(2) == 0
                    ? null : Now.AddMinutes(random.Next(60)), regard: Regards[random.Next(Regards.Length)])).ToList();
            relationships[person] = mine;
            classes[person] = random.Next(4);
            await given.Write(new Change
            {
                Persons = [new Person(person, classes[person], step, null)], BackedPersons = [person],
                Backings = mine
            });

            var now = Now.AddMinutes(random.Next(60));
            var told = given.Ask(s => s.Standings(Key("gp", now: now))).ToHashSet();
            foreach (var (key, rows) in relationships)
            {
                foreach (var holder in (string[])["trust", "council", "homes"])
                    foreach (var id in (string[])["a", "b"])
                    {
                        var kinds = rows.Where(r => r.Party == "gp" && r.Opens(holder, "Task", id) && r.From <= now
                            && (r.To is null || r.To > now)).Aggregate(0L, (all, r) => all | r.Kind);
                        Assert.Contains(new Standing(classes[key], kinds), told);
                    }
            }
        }
    }
}
