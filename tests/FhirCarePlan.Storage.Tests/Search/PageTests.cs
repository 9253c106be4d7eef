using FhirCarePlan.Fhir.Search;
using static FhirCarePlan.Storage.Tests.Given;

namespace FhirCarePlan.Storage.Tests.Search;

public class PageTests
{
    private static readonly SearchParameter Score = Parameter("Task", "score", SearchType.Number);
    private static readonly SortKey[] ByScore = [new SortKey(Score, false)];

    private static async Task Fill(Given given, params string[] ids)
    {
        foreach (var id in ids) await given.Put($"Task/{id}", [Number(Score, -(int)id[0])], root: id.Length);
    }

    [Theory]
    [InlineData(false, TotalMode.Accurate, "a b|c d|e")]
    [InlineData(false, TotalMode.None, "a b|c d|e")]
    [InlineData(true, TotalMode.Accurate, "e d|c b|a")]
    [InlineData(true, TotalMode.None, "e d|c b|a")]
    public async Task Pages_follow_each_other(bool isSorted, TotalMode total, string pages)
    {
        await using var given = new Given();
        await Fill(given, "c", "a", "e", "b", "d", "xx");
        var query = new SearchQuery("Task") { Count = 2, Total = total, Sort = isSorted ? ByScore : [] };
        var all = new List<string>();
        SearchPage page;
        do
        {
            page = given.Search(query, Own(1));
            all.Add(string.Join(' ', page.Hits.Select(h => h.Version.Id)));
            Assert.Equal(total == TotalMode.None ? null : 5, page.Total);
            query = query with { Page = page.Next };
        }
        while (page.Next != null);
        Assert.Equal(pages, string.Join('|', all));
    }

    [Fact]
    public async Task A_page_that_ends_with_the_last_hit_is_the_last()
    {
        await using var given = new Given();
        await Fill(given, "a", "b");
        Assert.Null(given.Search(new("Task") { Count = 2 }).Next);
        Assert.Null(given.Search(new("Task") { Count = 3 }).Next);
        Assert.NotNull(given.Search(new("Task") { Count = 1 }).Next);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_comes_and_goes_meanwhile_repeats_and_skips_nothing(bool isSorted)
    {
        await using var given = new Given();
        await Fill(given, "c", "e", "g", "k", "m");
        var query = new SearchQuery("Task") { Count = 2, Sort = isSorted ? ByScore : [] };
        var first = given.Search(query, Own(1));
        await Fill(given, "a", "z"); // before and behind
        await given.Put("Task/d", [Number(Score, -'d')]);
        var rest = given.Ids(query with { Page = first.Next, Count = 9 }, Own(1));
        Assert.Equal(isSorted ? "g e d c a" : "g k m z", rest);

        // The last hit itself goes.
        await given.Put($"Task/{first.Hits[^1].Version.Id}", isDeleted: true);
        Assert.Equal(isSorted ? "g e d c a" : "g k m z", given.Ids(query with { Page = first.Next, Count = 9 }, Own(1)));
    }

    [Fact]
    public async Task A_place_that_means_nothing_is_the_beginning()
    {
        await using var given = new Given();
        await Fill(given, "a", "b");
        Assert.Equal("a b", given.Ids(new SearchQuery("Task") { Page = "nonsense" }));
    }
}
