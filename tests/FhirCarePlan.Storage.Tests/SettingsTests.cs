namespace FhirCarePlan.Storage.Tests;

public class SettingsTests
{
    /// <summary>On PostgreSQL, too, where a length bound as a number of 64 bits is refused.</summary>
    [Fact]
    public async Task Are_found_by_the_beginning_of_their_names()
    {
        await using var given = new Given();
        foreach (var name in (string[])["jobs/b", "jobs/a", "jobs", "Jobs/c", "job%", "other"]) given.Store.SetSetting(name, name.ToUpperInvariant());
        Assert.Equal([("jobs/a", "JOBS/A"), ("jobs/b", "JOBS/B")], given.Store.Settings("jobs/"));
        Assert.Empty(given.Store.Settings("%"));
    }
}
