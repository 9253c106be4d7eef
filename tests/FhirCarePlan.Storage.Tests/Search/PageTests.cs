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

    [Theory]
    [InlineData("nonsense")]
    [InlineData(">;")]
    [InlineData(">1;i5;ta")]
    [InlineData(">;x;YQ")]
    public async Task A_place_that_means_nothing_is_the_beginning(string page)
    {
        await using var given = new Given();
        await Fill(given, "a", "b");
        Assert.Equal("a b", given.Ids(new SearchQuery("Task") { Page = page }));
    }

    private static readonly SearchParameter Kind = Parameter("Task", "kind", SearchType.Token);
    private static readonly SearchParameter Day = Parameter("Task", "day", SearchType.Date);
    private static readonly SearchParameter Title = Parameter("Task", "title", SearchType.String);
    private static readonly SearchParameter Page = Parameter("Task", "page", SearchType.Uri);
    private static readonly SearchParameter Owner = Parameter("Task", "owner", SearchType.Reference);

    /// <summary>So many that slices along an index must grow, with ties, with resources without a value, and with hidden values.</summary>
    private static async Task<Given> Many(int count)
    {
        var given = new Given();
        var random = new Random(count);
        for (var at = 0; at < count; at += 200)
            await given.Write(new Change
            {
                Versions = [.. Enumerable.Range(at, Math.Min(200, count - at)).Select(n =>
                {
                    var rows = new List<IndexRow> { Token(Kind, "", n % 50 == 0 ? "rare" : "common") };
                    if (n % 7 > 0)
                        for (var times = random.Next(3); times >= 0; times--)
                        {
                            var (value, labels) = (random.Next(40), random.Next(6) == 0 ? 2 : 1);
                            rows.AddRange([Date(Day, value, value + random.Next(20), labels), Text(Title, $"Word {value:D2}", labels),
                                Uri(Page, $"u:{value:D2}", labels), Number(Score, value, labels), Reference(Owner, "Patient", $"{value:D2}", labels),
                                Token(Kind, "s", $"k{value % 3}", null, labels)]);
                        }
                    return given.Version($"Task/t{n * 7919 % count:D5}", rows, root: n % 3 == 0 ? 2 : 1, at: Now.AddSeconds(random.Next(50)));
                })],
            });
        return given;
    }

    private static readonly string[] orders = ["", "_id", "-_id", "_lastUpdated", "-_lastUpdated", "day", "-day", "title", "-title", "page", "-page",
        "score", "-score", "kind", "-kind", "owner", "-owner", "day,-title", "-title,_lastUpdated", "kind,-_id"];

    [Fact]
    public async Task Forwards_and_backwards_pages_show_the_same_order()
    {
        // One store for all orders: filling it takes longer than asking.
        await using var given = await Many(900);
        foreach (var order in orders) PagesAgree(given, order);
    }

    private static void PagesAgree(Given given, string order)
    {
        var sort = order.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(key => key.TrimStart('-') switch
        {
            "day" => new SortKey(Day, key[0] == '-'),
            "title" => new SortKey(Title, key[0] == '-'),
            "page" => new SortKey(Page, key[0] == '-'),
            "score" => new SortKey(Score, key[0] == '-'),
            "kind" => new SortKey(Kind, key[0] == '-'),
            "owner" => new SortKey(Owner, key[0] == '-'),
            var special => new SortKey(null, key[0] == '-', special),
        }).ToList();
        foreach (Criterion[] criteria in new Criterion[][] { [], [new(Kind, Modifier.None, [new() { Value = "common" }])], [new(Kind, Modifier.None, [new() { Value = "rare" }])] })
        {
            var query = new SearchQuery("Task") { Sort = sort, Criteria = criteria, Total = TotalMode.None };
            // One page, without an index for the order: every candidate is read and sorted.
            var all = given.Search(query with { Count = 5_000, Ids = [[.. Enumerable.Range(0, 900).Select(n => $"t{n:D5}")]] }, Own(1)).Hits
                .Select(h => h.Version.Id).ToList();
            Assert.True(all.Count > 10);
            var pages = new List<SearchPage>();
            for (var page = given.Search(query with { Count = 43 }, Own(1)); ; page = given.Search(query with { Count = 43, Page = page.Next }, Own(1)))
            {
                pages.Add(page);
                if (page.Next is null) break;
            }
            Assert.Equal((order, string.Join(' ', all)), (order, string.Join(' ', pages.SelectMany(p => p.Hits).Select(h => h.Version.Id))));
            Assert.Null(pages[0].Previous);
            for (var at = pages.Count - 1; at > 0; at--)
            {
                var before = given.Search(query with { Count = 43, Page = pages[at].Previous }, Own(1));
                Assert.Equal(pages[at - 1].Hits.Select(h => h.Version.Id), before.Hits.Select(h => h.Version.Id));
                Assert.Equal(at > 1, before.Previous is not null);
                Assert.Equal(pages[at].Hits.Select(h => h.Version.Id), given.Search(query with { Count = 43, Page = before.Next }, Own(1)).Hits.Select(h => h.Version.Id));
            }
        }
    }

    [Fact]
    public async Task What_moves_is_met_again_or_passed_by_and_nothing_else_is()
    {
        await using var given = new Given();
        foreach (var (id, day) in new[] { ("a", 1), ("b", 2), ("c", 3), ("d", 4), ("e", 5), ("f", 6) })
            await given.Put($"Task/{id}", [Date(Day, day, day)]);
        var query = new SearchQuery("Task") { Count = 2, Sort = [new SortKey(Day, false)] };
        var first = given.Search(query);
        await given.Put("Task/a", [Date(Day, 9, 9)]); // met before, moves behind
        await given.Put("Task/e", [Date(Day, 0, 0)]); // not met yet, moves before
        await given.Put("Task/b", [Date(Day, 8, 8)]); // the last hit itself
        Assert.Equal("c d f b a", given.Ids(query with { Page = first.Next, Count = 9 }));
    }

    [Fact]
    public async Task A_text_too_long_for_an_address_is_a_place_all_the_same()
    {
        await using var given = new Given();
        var beginning = new string('é', 700);
        foreach (var id in new[] { "c", "a", "d", "b" }) await given.Put($"Task/{id}", [Text(Title, $"{beginning}{id}")]);
        foreach (var isDescending in new[] { false, true })
        {
            var query = new SearchQuery("Task") { Count = 1, Sort = [new SortKey(Title, isDescending)] };
            var found = new List<string>();
            for (var page = given.Search(query); ; page = given.Search(query with { Page = page.Next }))
            {
                found.AddRange(page.Hits.Select(h => h.Version.Id));
                if (page.Next is null) break;
                Assert.True(page.Next.Length < 1_000);
            }
            Assert.Equal(isDescending ? ["d", "c", "b", "a"] : ["a", "b", "c", "d"], found);
        }
    }

    [Fact]
    public async Task Totals_are_there_when_asked_for_or_cheap()
    {
        await using var given = await Many(400);
        int? Total(TotalMode? asked, int count, string? page = null) =>
            given.Search(new SearchQuery("Task") { Total = asked, Count = count, Page = page }, Own(1)).Total;
        var all = given.Search(new SearchQuery("Task") { Count = 0 }, Own(1)).Total!.Value;
        Assert.InRange(all, 101, 399);
        Assert.Equal([all, all, null], new[] { Total(TotalMode.Accurate, 10), Total(TotalMode.Estimate, 10), Total(TotalMode.None, 10) });
        Assert.Null(Total(null, 10));
        Assert.Equal(all, Total(null, all));
        Assert.Equal(all, Total(TotalMode.Accurate, 10, given.Search(new SearchQuery("Task") { Total = TotalMode.Accurate, Count = 10 }, Own(1)).Next));
        var few = new SearchQuery("Task") { Count = 3, Criteria = [new(Kind, Modifier.None, [new() { Value = "rare" }])] };
        var first = given.Search(few, Own(1));
        Assert.InRange(first.Total!.Value, 4, 100);
        Assert.Equal(first.Total, given.Search(few with { Page = first.Next }, Own(1)).Total);
    }
}
