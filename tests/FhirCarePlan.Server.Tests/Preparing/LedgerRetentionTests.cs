using FhirCarePlan.Server.Preparing;
using FhirCarePlan.Storage;
using FhirCarePlan.Storage.Auditing;
using FhirCarePlan.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace FhirCarePlan.Server.Tests.Preparing;

public sealed class LedgerRetentionTests
{
    [Fact]
    public async Task What_is_older_goes_and_the_chain_stays()
    {
        var folder = Directory.CreateTempSubdirectory("fcp-retention-").FullName;
        try
        {
            await using var store = new SqliteStore($"Data Source={Path.Combine(folder, "test.db")}", new LedgerKey(new byte[32]));
            var now = DateTimeOffset.UtcNow;
            foreach (var days in new[] { 400, 399, 31, 29, 0 }) await store.Commit(new Change(), [Event(now.AddDays(-days))], default);
            var retention = new LedgerRetention(store, 30, TimeProvider.System, NullLogger<LedgerRetention>.Instance);
            Assert.Equal(3, retention.Erase());
            Assert.Equal(0, retention.Erase());
            using var snapshot = store.Read();
            var left = snapshot.Audit(new AuditQuery(new AuditReader("owner", IsOwner: true)) { IsAscending = true }).Entries;
            Assert.Equal(["read", "read", "erase"], left.Select(e => e.Interaction));
            Assert.All(left, e => Assert.True(e.At > now.AddDays(-30)));
            Assert.True(store.VerifyLedger().IsIntact);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    private static AuditEntry Event(DateTimeOffset at) => new()
    {
        Id = Guid.NewGuid().ToString("N"), At = at, Interaction = "read", Outcome = AuditOutcome.Success, Status = 200, Subject = "s",
        Party = "trust", Target = "Task/a",
    };
}
