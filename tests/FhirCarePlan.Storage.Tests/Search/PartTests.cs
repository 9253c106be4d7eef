using FhirCarePlan.Fhir.Search;
using static FhirCarePlan.Storage.Tests.Given;

namespace FhirCarePlan.Storage.Tests.Search;

/// <summary>A view that scopes narrow: what they leave out is not found, not counted and not included.</summary>
public class PartTests
{
    private const long Plan = 1, Risk = 2;
    private static readonly SearchParameter Code = Parameter("Condition", "code", SearchType.Token), Subject = Parameter("Condition", "subject", SearchType.Reference);
    private static readonly Criterion IsX = new(Code, Modifier.None, [new QueryValue { Value = "x" }]);

    /// <summary>A view with parts for some types; null: everything.</summary>
    private sealed class Narrowed(long mask, Dictionary<string, IReadOnlyList<Part>?> only) : ISearchView
    {
        public ViewBasis Basis(string type, bool isOwn) => new(mask, mask, false, false);
        public long Permitted(string type, bool isOwn, Standing standing) => mask;
        public IReadOnlyList<Part>? Only(string type) => only.GetValueOrDefault(type);
    }

    private static SearchScope With(long mask, params Part[] parts) => Of(mask, ("Condition", parts));
    private static SearchScope Of(long mask, params (string Type, Part[] Parts)[] only) =>
        Own(mask) with { View = new Narrowed(mask, only.ToDictionary(o => o.Type, o => (IReadOnlyList<Part>?)o.Parts)) };

    private static async Task<Given> Filled()
    {
        var given = new Given();
        await given.Person("robin", 0);
        await given.Person("sky", 0);
        await given.Put("Condition/a", [Token(Code, "", "x", labels: Plan)], person: "robin");
        await given.Put("Condition/b", [Token(Code, "", "y", labels: Plan)], person: "robin");
        await given.Put("Condition/c", [Token(Code, "", "x", labels: Plan)], person: "sky");
        await given.Put("Condition/d", [Token(Code, "", "x", labels: Plan | Risk)], person: "sky");
        await given.Put("Condition/e", [Token(Code, "", "x", labels: Plan)]);
        return given;
    }

    private static string Found(Given given, SearchScope scope, SearchQuery? query = null)
    {
        query ??= new SearchQuery("Condition");
        var page = given.Search(query, scope);
        Assert.Equal(page.Hits.Count(h => !h.IsInclude), page.Total);
        Assert.Equal(page.Total, given.Search(query with { Count = 0 }, scope).Total);
        return string.Join(' ', page.Hits.Select(hit => hit.Version.Id));
    }

    [Fact]
    public async Task Each_part_has_its_person_and_its_criteria()
    {
        await using var given = await Filled();
        Assert.Equal("a b c d e", Found(given, Of(Plan)));
        Assert.Equal("", Found(given, With(Plan)));
        Assert.Equal("a b c d e", Found(given, With(Plan, new Part(null, false, []))));
        Assert.Equal("a b", Found(given, With(Plan, new Part("robin", false, []))));
        Assert.Equal("a b e", Found(given, With(Plan, new Part("robin", true, []))));
        Assert.Equal("a c e", Found(given, With(Plan, new Part(null, false, [IsX]))));
        Assert.Equal("a", Found(given, With(Plan, new Part("robin", false, [IsX]))));
        Assert.Equal("a b c e", Found(given, With(Plan, new Part("robin", false, []), new Part(null, false, [IsX]))));
        Assert.Equal("", Found(given, With(Plan, new Part("nobody", false, []))));
    }

    /// <summary>A value that is hidden from the caller meets nothing: it would be told by what it opens.</summary>
    [Fact]
    public async Task A_hidden_value_opens_nothing()
    {
        await using var given = await Filled();
        Assert.Equal("a c d e", Found(given, With(Plan | Risk, new Part(null, false, [IsX]))));
        Assert.Equal("a c e", Found(given, With(Plan, new Part(null, false, [IsX]))));
    }

    [Fact]
    public async Task It_holds_with_criteria_of_the_search_with_pages_and_in_every_order()
    {
        await using var given = await Filled();
        var scope = With(Plan, new Part("robin", false, []), new Part(null, false, [IsX]));
        Assert.Equal("b", Found(given, scope, new SearchQuery("Condition") { Criteria = [new(Code, Modifier.None, [new QueryValue { Value = "y" }])] }));
        Assert.Equal("c e", Found(given, scope, new SearchQuery("Condition") { Ids = [["c", "d", "e"]] }));
        Assert.Equal("e c b a", Found(given, scope, new SearchQuery("Condition") { Sort = [new SortKey(null, true, "_id")] }));
        var first = given.Search(new SearchQuery("Condition") { Count = 3 }, scope);
        Assert.Equal(3, first.Hits.Count);
        Assert.Equal("e", string.Join(' ', given.Search(new SearchQuery("Condition") { Count = 3, Page = first.Next }, scope).Hits.Select(h => h.Version.Id)));
    }

    [Fact]
    public async Task Includes_are_narrowed_by_the_parts_of_their_own_type()
    {
        await using var given = await Filled();
        await given.Put("Patient/p", person: "robin");
        await given.Put("Condition/f", [Reference(Subject, "Patient", "p", labels: Plan)], person: "robin");
        var query = new SearchQuery("Condition") { Ids = [["f"]], Includes = [new Include("Condition", Subject, null)] };
        Assert.Equal("f p", Found(given, Of(Plan), query));
        Assert.Equal("f", Found(given, Of(Plan, ("Patient", [])), query));
        Assert.Equal("f", Found(given, Of(Plan, ("Patient", [new Part("sky", false, [])])), query));
        Assert.Equal("f p", Found(given, Of(Plan, ("Patient", [new Part("sky", false, []), new Part("robin", false, [])])), query));
        Assert.Equal("f", Found(given, Of(Plan, ("Patient", [new Part(null, false, [IsX])])), query));
    }
}
