namespace FhirCarePlan.Storage.Tests.Writing;

/// <summary>Who labels and decides under other definitions than the processes at work on a database must not work on it.</summary>
public class ClaimTests
{
    [Fact]
    public async Task A_database_is_worked_on_under_one_set_of_definitions_at_a_time()
    {
        await using var given = new Given();
        given.Store.Claim("agreement one");
        await using (var same = given.Open())
        {
            same.Claim("agreement one");
            await using var other = given.Open();
            Assert.Contains("another agreement", Assert.Throws<StoreRefusedException>(() => other.Claim("agreement two")).Message);
            other.Claim("agreement one");
        }
        await using (var later = given.Open())
        {
            Assert.Throws<StoreRefusedException>(() => later.Claim("agreement two"));
            await given.Store.DisposeAsync();
            later.Claim("agreement two");
            await using var late = given.Open();
            Assert.Throws<StoreRefusedException>(() => late.Claim("agreement one"));
        }
        await given.Reopen();
        given.Store.Claim("agreement one");
    }

    [Fact]
    public async Task A_lost_session_claims_again_before_it_writes()
    {
        await using var given = new Given();
        given.Store.Claim("agreement one");
        if (!OnPostgres.IsChosen) return;
        await using var other = given.Open();
        PostgresCluster.Disconnect(given.ConnectionString);
        // Whoever comes first goes on; the other's sessions are refused.
        for (var tries = 0; ; tries++)
            try
            {
                other.Claim("agreement two");
                break;
            }
            catch (IOException) when (tries < 20)
            {
            }
        for (var n = 0; n < 5; n++) Assert.Equal(CommitResult.Unavailable, await given.Commit(new Change(), Given.Audit($"{n}")));
        await other.DisposeAsync();
        var last = CommitResult.Unavailable;
        for (var tries = 0; last != CommitResult.Done && tries < 20; tries++) last = await given.Commit(new Change(), Given.Audit($"after{tries}"));
        Assert.Equal(CommitResult.Done, last);
    }
}
