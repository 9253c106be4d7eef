namespace FhirCarePlan.Storage.Tests.Reading;

/// <summary>Many resources with one question.</summary>
public class VersionsReaderTests
{
    [Fact]
    public async Task All_that_is_asked_for_by_name_comes_deletions_included()
    {
        await using var given = new Given();
        await given.Put("CarePlan/a");
        await given.Put("CareTeam/a");
        await given.Put("CarePlan/b");
        await given.Put("CarePlan/b", isDeleted: true);
        var found = given.Ask(s => s.FindAll([("CarePlan", "a"), ("CarePlan", "b"), ("CarePlan", "never"), ("CarePlan", "a\"] , '")]));
        Assert.Equal([("a", false), ("b", true)], found.OrderBy(v => v.Id).Select(v => (v.Id, v.IsDeleted)));
        Assert.Empty(given.Ask(s => s.FindAll([])));
    }

    [Fact]
    public async Task What_is_on_record_about_somebody_comes_by_type()
    {
        await using var given = new Given();
        await given.Write(new Change { Persons = [new Person("p", 0, 1, null), new Person("q", 0, 1, null)] });
        await given.Put("CarePlan/a", person: "p");
        await given.Put("CareTeam/b", person: "p");
        await given.Put("Goal/c", person: "p");
        await given.Put("CarePlan/d", person: "q");
        await given.Put("CarePlan/e", person: "p");
        await given.Put("CarePlan/e", person: "p", isDeleted: true);
        Assert.Equal(["CarePlan/a", "CareTeam/b"], given.Ask(s => s.About("p", ["CarePlan", "CareTeam"])).Select(v => $"{v.Type}/{v.Id}"));
        Assert.Empty(given.Ask(s => s.About("p", ["CarePlan"], "a-code-that-nothing-has")));
        Assert.Empty(given.Ask(s => s.About("nobody", ["CarePlan"])));
    }
}
