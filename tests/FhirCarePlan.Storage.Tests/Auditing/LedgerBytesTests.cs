using Xunit.Abstractions;
using FhirCarePlan.Storage.Auditing;
using static FhirCarePlan.Storage.Tests.Given;

namespace FhirCarePlan.Storage.Tests.Auditing;

/// <summary>The cost of a request on disk, with everything that the ledger keeps: row, chain, texts, index. 30 members of staff of three
/// parties, 400 persons with 25 resources each, random ids.</summary>
public class LedgerBytesTests(ITestOutputHelper output)
{
    private const int Requests = 3 * RowSet.Rows;
    private readonly Random random = new(5);

    [Theory]
    [InlineData("a read", 160)]
    [InlineData("a read refused", 170)]
    [InlineData("a search with 20 hits of one person", 380)]
    [InlineData("a search over 20 persons", 580)]
    [InlineData("a write", 160)]
    public async Task Bytes_per_request(string kind, int most)
    {
        await using var given = new Given();
        var persons = Enumerable.Range(0, 400)
            .Select(_ => (Key: Id(), Patient: $"Patient/{Id()}", Ids: Enumerable.Range(0, 25).Select(n => Id()).ToArray())).ToArray();
        await given.Write(new Change { Versions = [.. persons.SelectMany(p => p.Ids).Select(id => given.Version($"Observation/{id}"))] });
        var before = given.FileStore.Pages;
        for (var n = 0; n < Requests; n += 512)
            await given.Commit(new Change(), [.. Enumerable.Range(n, 512).Select(i => Entry(kind, i, persons))]);
        given.Store.FinishLedgerBlocks();
        var bytes = (given.FileStore.Pages - before) * 8192.0 / Requests;
        output.WriteLine($"{kind}: {bytes:F0} bytes");

        Assert.InRange(bytes, 40, most);
    }

    private string Id() => string.Concat(Enumerable.Range(0, 26).Select(_ => "0123456789abcdefghjkmnpqrstvwxyz"[random.Next(32)]));

    private AuditEntry Entry(string kind, int n, (string Key, string Patient, string[] Ids)[] persons)
    {
        var staff = random.Next(30);
        var (party, holder) = (((string[])["trust", "practice", "homes"])[staff % 3], random.Next(3) == 0 ? "practice" : "trust");
        var one = persons[random.Next(persons.Length)];
        AuditDetailKind detailKind = kind switch
        {
            "a write" => AuditDetailKind.Written,
            "a read refused" => AuditDetailKind.Refused,
            _ => AuditDetailKind.Shown
        };
        var isRefused = detailKind == AuditDetailKind.Refused;
        string[] Ids(int count) => [.. Enumerable.Range(random.Next(25 - count), count).Select(i => $"Observation/{one.Ids[i]}")];
        IReadOnlyList<AuditDetail> details = kind switch
        {
            "a search with 20 hits of one person" => [Detail(one, Ids(20))],
            "a search over 20 persons" =>
                [.. Enumerable.Range(random.Next(380), 20)
                .Select(i => Detail(persons[i], [$"Observation/{persons[i].Ids[random.Next(25)]}"]))],
            _ => [Detail(one, Ids(1))],
        };
        var isSearch = kind.StartsWith("a search", StringComparison.Ordinal);
        return new AuditEntry
        {
            Id = Id(), At = Now.AddSeconds(n), Interaction = isSearch
                ? "search-type" : kind == "a write" ? "update" : "read", Outcome = isRefused ? AuditOutcome.Minor : AuditOutcome.Success,
            Status = isRefused
                ? 404 : 200, Subject = $"staff-{staff}", Party = party, Role = "care-coordinator", Purpose = "TREAT",
            Agent = $"PractitionerRole/staff-{staff}",
            Organization = $"Organization/{party}", Target = isSearch
                ? "Observation" : details[0].Ids[0], Query = isSearch ? "patient,code" : null, Reason = isRefused ? "absent" : null,
            CorrelationId = Guid.NewGuid().ToString("N"), Details = details,
        };

        AuditDetail Detail((string Key, string Patient, string[]) person, string[] ids) => new()
        {
            Kind = detailKind, Person = person.Key, Patient = person.Patient, Holder = holder, Types = ["Observation"], Count = ids.Length,
            Ids = ids, Mask = 1L << random.Next(8),
            Policies = [$"https://fhir.cpa.example/sharing/rivelin-mental-health|1.0.0#{party}-record"], Gate = isRefused ? "G8" : null,
        };
    }
}
