using FhirCarePlan.Fhir.Search;
using static FhirCarePlan.Storage.Tests.Given;

namespace FhirCarePlan.Storage.Tests.Search;

/// <summary>A search answers as if the store held only what the caller may see. https://hl7.org/fhir/R4/search.html</summary>
public class ViewTests
{
    private const long Plan = 1, Risk = 2, Housing = 4;
    private static readonly SearchParameter Code = Parameter("Condition", "code", SearchType.Token);
    private static readonly Criterion IsX = new(Code, Modifier.None, [new QueryValue { Value = "x" }]);

    private static string Found(Given given, SearchScope scope, params Criterion[] criteria)
    {
        var page = given.Search(new SearchQuery("Condition") { Criteria = criteria }, scope);
        Assert.Equal(page.Hits.Count, page.Total);
        return string.Join(' ', page.Hits.Select(hit => $"{hit.Version.Id}:{hit.Permitted}"));
    }

    [Fact]
    public async Task A_resource_whose_root_is_hidden_is_not_there()
    {
        await using var given = new Given();
        await given.Put("Condition/a", root: Plan);
        await given.Put("Condition/b", root: Plan | Risk);
        Assert.Equal("a:1", Found(given, Own(Plan)));
        Assert.Equal("a:3 b:3", Found(given, Own(Plan | Risk)));
        Assert.Equal("", Found(given, Own(Risk)));
    }

    [Fact]
    public async Task A_value_that_is_hidden_is_absent_for_every_modifier()
    {
        await using var given = new Given();
        await given.Put("Condition/a", [Token(Code, "", "x", "ex", labels: Plan | Risk)]);
        Criterion With(Modifier modifier, string? text = null) => new(Code, modifier, [new QueryValue { Value = "x", Text = text }]);
        Assert.Equal("", Found(given, Own(Plan), IsX));
        Assert.Equal("", Found(given, Own(Plan), With(Modifier.Text, "ex")));
        Assert.Equal("", Found(given, Own(Plan), With(Modifier.Missing, "false")));
        Assert.Equal("a:1", Found(given, Own(Plan), With(Modifier.Missing, "true")));
        Assert.Equal("a:1", Found(given, Own(Plan), With(Modifier.Not)));
        Assert.Equal("a:3", Found(given, Own(Plan | Risk), IsX));
        Assert.Equal("", Found(given, Own(Plan | Risk), With(Modifier.Not)));
    }

    [Fact]
    public async Task Of_two_equal_values_the_one_that_is_seen_counts()
    {
        await using var given = new Given();
        await given.Put("Condition/a", [Token(Code, "", "x", labels: Risk | Plan), Token(Code, "", "x", labels: Plan)]);
        Assert.Equal("a:1", Found(given, Own(Plan), IsX));
    }

    [Fact]
    public async Task The_mask_follows_the_persons_consent_and_relationship()
    {
        await using var given = new Given();
        var refused = await given.Class("deny homes");
        await given.Person("consented", 0, Related("consented", "homes", 8));
        await given.Person("refused", refused, Related("refused", "homes", 8));
        await given.Person("stranger");
        await given.Person("former", 0, Related("former", "homes", 8, to: Now));
        await given.Person("future", 0, Related("future", "homes", 8, from: Now.AddTicks(1)));
        await given.Person("both", 0, Related("both", "homes", 8), Related("both", "homes", 16),
            Related("both", "homes", 8, regard: "trust"));
        foreach (var person in new[] { "both", "consented", "former", "future", "refused", "stranger" })
            await given.Put($"Condition/{person}", [Token(Code, "", "x", labels: Plan | Housing)], root: Plan, person: person);
        await given.Put("Condition/nobody", [Token(Code, "", "x")], root: Plan);

        PermittedRow Row(int? consentClass, long kinds, long mask) => new("Condition", new(consentClass, kinds), false, mask);
        var scope = Scope(Key("homes"), [Row(0, 8, Plan), Row(0, 24, Plan | Housing), Row(refused, 0, Plan)]);
        Assert.Equal("both:5 consented:1", Found(given, scope));
        Assert.Equal("both:5", Found(given, scope, IsX));
        Assert.Equal("nobody:1", Found(given, Scope(Key("homes"), [Row(null, 0, Plan)])));
        Assert.Equal("former:1 future:1 stranger:1", Found(given, Scope(Key("homes"), [Row(0, 0, Plan)])));
        Assert.Equal("", Found(given, Scope(Key("homes"), [])));
    }

    [Fact]
    public async Task What_ones_own_party_holds_has_rows_of_its_own()
    {
        await using var given = new Given();
        await given.Put("Condition/mine", holder: "homes");
        await given.Put("Condition/theirs", holder: "trust");
        PermittedRow Row(bool isOwn) => new("Condition", new(null, 0), isOwn, Plan);
        Assert.Equal("mine:1", Found(given, Scope(Key("homes"), [Row(true)])));
        Assert.Equal("theirs:1", Found(given, Scope(Key("homes"), [Row(false)])));
    }

    [Fact]
    public async Task A_row_for_all_types_does_not_speak_of_a_type_that_is_named()
    {
        await using var given = new Given();
        await given.Put("Condition/a", holder: "trust");
        await given.Put("Condition/b", holder: "homes");
        await given.Put("Task/t", holder: "trust");
        PermittedRow[] rows = [new(null!, new(null, 0), true, Plan), new("Condition", new(null, 0), false, Plan)];
        Assert.Equal("b:1", Found(given, Scope(Key(), rows)));
        Assert.Equal("t", given.Ids(new("Task"), Scope(Key(), rows)));
    }

    [Fact]
    public async Task Two_rows_for_one_standing_permit_what_both_permit()
    {
        await using var given = new Given();
        await given.Put("Condition/a", root: Risk);
        PermittedRow Row(long mask) => new("Condition", new(null, 0), true, mask);
        Assert.Equal("", Found(given, Scope(Key(), [Row(Plan | Risk), Row(Plan)])));
        Assert.Equal("a:2", Found(given, Scope(Key(), [Row(Plan | Risk), Row(Risk)])));
    }

    [Fact]
    public async Task Actors_and_oneself_stand_in_the_same_join()
    {
        await using var given = new Given();
        await given.Person("p1", 0, Related("p1", "homes", 8, actor: "PractitionerRole/x"));
        await given.Put("Condition/a", person: "p1");
        SearchScope As(long kinds, string[] actors, string? self) =>
            Scope(Key("homes", actors, self, 1), [new("Condition", new(0, kinds), false, Plan)]);
        Assert.Equal("a:1", Found(given, As(8, ["PractitionerRole/x"], null)));
        Assert.Equal("", Found(given, As(8, ["PractitionerRole/y"], null)));
        Assert.Equal("", Found(given, As(8, [], null)));
        Assert.Equal("a:1", Found(given, As(1, [], "p1")));
        Assert.Equal("a:1", Found(given, As(9, ["PractitionerRole/x"], "p1")));
        Assert.Equal("", Found(given, As(1, [], "p2")));
    }

    [Fact]
    public async Task A_tie_opens_what_it_is_backed_for()
    {
        await using var given = new Given();
        await given.Person("p1", 0, Related("p1", "homes", 1), Related("p1", "homes", 8, regard: "trust"),
            Related("p1", "homes", 16, regard: "gp"), Related("p1", "homes", 32, regard: "Condition/c"),
            Related("p1", "homes", 64, regard: "Task/b"), Related("p1", "homes", 64, regard: "condition/c"),
                Related("p1", "homes", 64, regard: "trust "));
        await given.Put("Condition/a", holder: "trust", person: "p1");
        await given.Put("Condition/b", holder: "gp", person: "p1");
        await given.Put("Condition/c", holder: "trust", person: "p1");
        await given.Put("Condition/d", holder: "council", person: "p1");
        await given.Put("Task/b", holder: "gp", person: "p1");
        SearchScope By(string type, long kinds) => Scope(Key("homes"), [new(type, new(0, kinds), false, Plan)]);
        Assert.Equal("a:1", Found(given, By("Condition", 1 + 8)));
        Assert.Equal("b:1", Found(given, By("Condition", 1 + 16)));
        Assert.Equal("c:1", Found(given, By("Condition", 1 + 8 + 32)));
        Assert.Equal("d:1", Found(given, By("Condition", 1)));
        Assert.Equal("b", given.Ids(new("Task"), By("Task", 1 + 16 + 64)));
    }

    [Fact]
    public async Task A_new_refusal_bites_in_the_next_snapshot()
    {
        await using var given = new Given();
        await given.Person("p1", 0, Related("p1", "homes", 8));
        await given.Put("Condition/a", person: "p1");
        var scope = Scope(Key("homes"), [new("Condition", new(0, 8), false, Plan)]);
        Assert.Equal("a:1", Found(given, scope));
        await given.Person("p1", await given.Class("deny"));
        Assert.Equal("", Found(given, scope));
    }

    [Fact]
    public async Task A_resource_whose_person_is_lost_is_not_about_nobody()
    {
        await using var given = new Given();
        await given.Person("p1");
        await given.Put("Condition/a", person: "p1");
        given.Tamper("DELETE FROM person");
        Assert.Equal("", Found(given, Scope(Key(), [new("Condition", new(null, 0), true, Plan), new("Condition", new(0, 0), true, Plan)])));
    }

    [Fact]
    public async Task A_search_asks_about_the_persons_it_meets_and_about_no_others()
    {
        await using var given = new Given();
        for (var n = 0; n < 30; n++)
        {
            var state = await given.Class($"state {n}");
            await given.Person($"p{n}", state, Related($"p{n}", "homes", 8));
            await given.Person($"stranger{n}", state);
            foreach (var person in new[] { $"p{n}", $"stranger{n}" })
                await given.Put($"Condition/{person}", [Token(Code, "", n == 7 ? "y" : "x")], root: Plan, person: person);
        }
        // Too many persons for a small view.
        for (var n = 0; n < 250; n++) await given.Person($"other{n}", 0, Related($"other{n}", "homes", 8));
        var isY = new Criterion(Code, Modifier.None, [new() { Value = "y" }]);
        var met = await given.Class("state 7");
        var scope = Scope(Key("homes"), [new("Condition", new(met, 8), false, Plan)]);
        Assert.Equal("p7:1", Found(given, scope, isY));
        Assert.Equal([new Standing(met, 8)], ((RowsView)scope.View).Asked.Where(s => s.Kinds > 0));
        // Strangers are in nobody's view, so that nobody is asked about them.
        Assert.DoesNotContain(((RowsView)scope.View).Asked, s => s is { ConsentClass: not (null or 0), Kinds: 0 });
        Assert.Equal(1, given.Search(new("Condition") { Count = 0 }, scope).Total);
        Assert.Equal(30, ((RowsView)scope.View).Asked.Count(s => s.Kinds > 0));
    }

    [Fact]
    public async Task Counts_are_exact_over_the_view()
    {
        await using var given = new Given();
        for (var n = 0; n < 9; n++)
            await given.Put($"Condition/{n}", [Token(Code, "", "x", labels: n % 3 == 0 ? Risk : Plan)], root: n % 2 == 0 ? Plan : Risk);
        int? Total(SearchQuery query) => given.Search(query with { Criteria = [IsX] }, Own(Plan)).Total;
        Assert.Equal(3, Total(new("Condition"))); // 2, 4, 8
        Assert.Equal(3, Total(new("Condition") { Count = 1 }));
        Assert.Equal(3, Total(new("Condition") { Count = 0 }));
        Assert.Equal(3, Total(new("Condition") { Summary = SummaryMode.Count, Total = TotalMode.None }));
        Assert.Null(Total(new("Condition") { Total = TotalMode.None }));
        Assert.Empty(given.Search(new("Condition") { Count = 0 }, Own(Plan)).Hits);
    }
}
