using FhirCarePlan.Fhir.Search;
using static FhirCarePlan.Storage.Tests.Given;

namespace FhirCarePlan.Storage.Tests.Search;

public class IncludeTests
{
    private static readonly SearchParameter Subject = Parameter("CarePlan", "subject", SearchType.Reference);
    private static readonly SearchParameter Addresses = Parameter("CarePlan", "addresses", SearchType.Reference);
    private static readonly SearchParameter Focus = Parameter("Task", "focus", SearchType.Reference);

    private static async Task<Given> Partnership()
    {
        var given = new Given();
        await given.Put("Patient/p");
        await given.Put("Condition/open");
        await given.Put("Condition/hidden", root: 2);
        await given.Put("Condition/linked-in-secret");
        await given.Put("Condition/gone");
        await given.Put("Condition/gone", isDeleted: true);
        await given.Put("CarePlan/a",
            [Reference(Subject, "Patient", "p"), Reference(Addresses, "Condition", "open"), Reference(Addresses, "Condition", "hidden"),
            Reference(Addresses, "Condition", "gone"), Reference(Addresses, "Condition", "never"),
                Reference(Addresses, "Condition", "linked-in-secret", labels: 3)]);
        await given.Put("CarePlan/b", [Reference(Subject, "Patient", "p"), Reference(Addresses, "CarePlan", "a")]);
        await given.Put("Task/open", [Reference(Focus, "CarePlan", "a")]);
        await given.Put("Task/hidden", [Reference(Focus, "CarePlan", "a")], root: 2);
        await given.Put("Task/secret", [Reference(Focus, "CarePlan", "a", labels: 3)]);
        await given.Put("Task/other", [Reference(Focus, "Condition", "a")]);
        return given;
    }

    private static string Brought(Given given, long mask, Include[] includes, Include[]? referring = null, int count = 50)
    {
        var page = given.Search(new SearchQuery("CarePlan") { Includes = includes, RevIncludes = referring ?? [], Count = count },
            Own(mask));
        Assert.Equal(2, page.Total);
        return string.Join(' ', page.Hits.Where(h => h.IsInclude).Select(h => $"{h.Version.Type}/{h.Version.Id}"));
    }

    [Theory]
    [InlineData(1, "Condition/open")]
    [InlineData(3, "Condition/hidden Condition/linked-in-secret Condition/open")]
    public async Task What_is_included_is_decided_like_any_match(long mask, string brought)
    {
        await using var given = await Partnership();
        Assert.Equal(brought, Brought(given, mask, [new("CarePlan", Addresses, "Condition")]));
    }

    [Theory]
    [InlineData(1, "Task/open")]
    [InlineData(3, "Task/hidden Task/open Task/secret")]
    public async Task What_refers_is_decided_like_any_match(long mask, string brought)
    {
        await using var given = await Partnership();
        Assert.Equal(brought, Brought(given, mask, [], [new("Task", Focus, null)]));
        Assert.Equal(brought, Brought(given, mask, [], [new("Task", null, "CarePlan")]));
        Assert.Equal("", Brought(given, mask, [], [new("Task", null, "Condition")]));
    }

    [Fact]
    public async Task Nothing_comes_twice_and_matches_not_again()
    {
        await using var given = await Partnership();
        Assert.Equal("Patient/p Condition/open",
            Brought(given, 1, [new("CarePlan", Subject, null), new("CarePlan", null, "Patient"), new("CarePlan", Addresses, null)]));
        Assert.Equal("Condition/open Patient/p", Brought(given, 1, [new("CarePlan", null, null)]));
        Assert.Equal("", Brought(given, 1, [new("Task", Focus, null)]));
    }

    [Fact]
    public async Task Only_the_hits_of_the_page_bring_something()
    {
        await using var given = await Partnership();
        var page = given.Search(new SearchQuery("CarePlan") { Count = 1, Includes = [new("CarePlan", Addresses, null)] }, Own(1));
        Assert.Equal(["a", "open"], page.Hits.Select(h => h.Version.Id));
        page = given.Search(new SearchQuery("CarePlan") { Count = 1, Page = page.Next, Includes = [new("CarePlan", Addresses, null)] },
            Own(1));
        Assert.Equal(["b", "a"], page.Hits.Select(h => h.Version.Id));
    }

    [Fact]
    public async Task An_included_resource_stands_under_its_own_persons_mask()
    {
        await using var given = await Partnership();
        await given.Person("q", await given.Class("deny"), Related("q", "trust", 4));
        await given.Put("Patient/p", root: 1, person: "q");
        PermittedRow[] rows = [new("CarePlan", new(null, 0), true, 1), new("Patient", new(1, 4), true, 5)];
        var page = given.Search(new SearchQuery("CarePlan") { Includes = [new("CarePlan", Subject, null)] }, Scope(Key(), rows));
        Assert.Equal(5, page.Hits.Single(h => h.IsInclude).Permitted);
        page = given.Search(new SearchQuery("CarePlan") { Includes = [new("CarePlan", Subject, null)] }, Scope(Key(), rows[..1]));
        Assert.DoesNotContain(page.Hits, h => h.IsInclude);
    }
}
