using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Storage.Sqlite.Auditing;
using static FhirCarePlan.Storage.Tests.Given;

namespace FhirCarePlan.Storage.Tests.Sqlite.Auditing;

public class AuditSearchTests
{
    private static string Ids(Given given, AuditQuery query)
    {
        var entries = given.Ask(s => s.Audit(query, out _));
        return string.Join(' ', entries.Select(e => e.Id));
    }

    [Fact]
    public async Task An_entry_comes_back_as_it_went_in()
    {
        await using var given = new Given();
        var entry = Audit("1", agent: "PractitionerRole/x", patient: "p", policies: ["a|1#r", "b|2#s"]) with
        {
            Organization = "Organization/o", Person = "person", Query = "code,subject", Reason = "G10", At = Now.AddTicks(7),
        };
        await given.Commit(new Change(), entry, Audit("2", policies: [], party: null, holder: null));
        Assert.Equivalent(entry, given.Ask(s => s.FindAudit("1")), strict: true);
        Assert.Empty(given.Ask(s => s.FindAudit("2"))!.Policies);
        Assert.Null(given.Ask(s => s.FindAudit("3")));
    }

    private static readonly AuditEntry[] Rows =
    [
        Audit("1", "CarePlan/a", patient: "p1", agent: "PractitionerRole/x", policies: ["rivelin|2#home"], at: Now),
        Audit("2", "CarePlan/b", patient: "p2", party: "homes", agent: "PractitionerRole/y", policies: ["rivelin|2#housing", "rivelin|2#other"], at: Now.AddHours(1)),
        Audit("3", "CarePlan/a", isPermitted: false, patient: "p1", party: "homes", policies: [], at: Now.AddHours(2)),
        Audit("4", "Condition", isPermitted: false, party: "council", holder: null, policies: [], at: Now.AddHours(3)),
    ];

    public static TheoryData<string, string> Questions => new()
    {
        { "all", "4 3 2 1" }, { "nobody", "" }, { "trust", "3 2 1" }, { "homes", "3 2" }, { "ascending", "1 2 3 4" }, { "page", "3 2" },
        { "patient", "3 1" }, { "patients", "3 2 1" }, { "agent", "2" }, { "refused", "4 3" }, { "permitted", "2 1" }, { "entity", "3 1" },
        { "policy", "2" }, { "half a policy", "" }, { "id", "2" }, { "after", "4 3" }, { "between", "2" }, { "homes and patient", "3" }, { "before", "1" },
    };

    private static AuditQuery Query(string name)
    {
        var all = new AuditQuery { All = true };
        QueryValue[] At(Prefix prefix, int hour) => [new QueryValue { Prefix = prefix, Low = Now.AddHours(hour).UtcTicks, High = Now.AddHours(hour).AddMinutes(1).UtcTicks }];
        return name switch
        {
            "all" => all,
            "nobody" => new AuditQuery(),
            "trust" or "homes" => new AuditQuery { Party = name },
            "ascending" => all with { Ascending = true },
            "page" => all with { Count = 2, Offset = 1 },
            "patient" => all with { Patients = ["p1"] },
            "patients" => all with { Patients = ["p1", "p2", "p3"] },
            "agent" => all with { Agents = ["PractitionerRole/y"] },
            "refused" => all with { Outcomes = ["4"] },
            "permitted" => all with { Outcomes = ["0", "8"] },
            "entity" => all with { Entities = ["CarePlan/a"] },
            "policy" => all with { Policies = ["rivelin|2#other"] },
            "half a policy" => all with { Policies = ["rivelin|2"] },
            "id" => all with { Ids = ["2"] },
            "after" => all with { Dates = [At(Prefix.Gt, 1)] },
            "before" => all with { Dates = [At(Prefix.Eb, 1)] },
            "between" => all with { Dates = [At(Prefix.Ge, 1), At(Prefix.Lt, 2)] },
            "homes and patient" => new AuditQuery { Party = "homes", Patients = ["p1"] },
            _ => throw new ArgumentException(name),
        };
    }

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task Filters_find_what_they_say(string name, string found)
    {
        await using var given = new Given();
        foreach (var row in Rows) await given.Commit(new Change(), row);
        Assert.Equal(found, Ids(given, Query(name)));
    }

    [Fact]
    public async Task Rows_in_blocks_are_found_like_the_newest()
    {
        await using var given = new Given();
        var late = Now.AddYears(1);
        var filler = Enumerable.Range(0, AuditFacets.BlockSize).Select(n => Audit($"f{n}", "Task/f", party: "filler", holder: "filler", at: late)).ToArray();
        await given.Commit(new Change(), [.. Rows, .. filler]);
        given.Store.FinishAuditBlocks();
        foreach (var question in Questions)
        {
            var query = Query((string)question[0]);
            if (query is { Ids: [], Patients: [], Agents: [], Entities: [], Policies: [], Party: null }) query = query with { Party = "trust", All = false };
            var expected = ((string)question[1]).Split(' ').Where(id => query.Party != "trust" || id != "4");
            if ((string)question[0] is "nobody" or "page") continue;
            Assert.Equal(string.Join(' ', expected), Ids(given, query));
        }
        Assert.Equal("1 2", Ids(given, new AuditQuery { All = true, Ascending = true, Count = 2 }));
        Assert.Equal("2 1", Ids(given, new AuditQuery { All = true, Dates = [[new QueryValue { Prefix = Prefix.Lt, Low = Now.AddHours(2).UtcTicks }]] }));
        given.Ask(s => s.Audit(new AuditQuery { All = true, Outcomes = ["4"] }, out var total) is { } ? total : 0);
        Assert.Equal("4 3", Ids(given, new AuditQuery { All = true, Outcomes = ["4"] }));

        Assert.Equal(2, given.Store.EraseAudit(Now.AddHours(2)));
        Assert.Equal("3", Ids(given, new AuditQuery { All = true, Entities = ["CarePlan/a"] }));
        await given.Reopen();
        Assert.True(given.Store.VerifyAudit().IsIntact);
        Assert.Equal("", Ids(given, new AuditQuery { All = true, Agents = ["PractitionerRole/x"] }));
        await given.Store.DisposeAsync();
        Assert.True((await File.ReadAllBytesAsync(given.File)).AsSpan().IndexOf("PractitionerRole/y"u8) < 0);
    }

    [Fact]
    public async Task The_total_counts_what_the_page_does_not_show()
    {
        await using var given = new Given();
        foreach (var row in Rows) await given.Commit(new Change(), row);
        given.Ask(s =>
        {
            Assert.Single(s.Audit(new AuditQuery { Party = "trust", Count = 1, Offset = 2 }, out var total));
            Assert.Equal(3, total);
            Assert.Empty(s.Audit(new AuditQuery { Party = "trust", Count = 0 }, out total));
            Assert.Equal(3, total);
            return 0;
        });
    }
}
