using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Storage.Auditing;
using FhirCarePlan.Storage.Tests.Auditing;
using static FhirCarePlan.Storage.Tests.Given;

namespace FhirCarePlan.Storage.Tests.Auditing;

public class LedgerSearchTests
{
    /// <summary>A search finds what the reader sees, and nothing else: a naive reading of every event as its reader sees it.</summary>
    private static bool Holds(AuditEntry seen, AuditCriterion criterion) => criterion.IsNot != criterion.AnyOf.Any(v => v.Facet switch
    {
        AuditFacet.Entity =>
            seen.Target.Contains('/') && seen.Target == v.Value || seen.Details.Any(d => d.Patient == v.Value || d.Ids.Contains(v.Value)),
        AuditFacet.Agent => seen.Agent == v.Value || seen.Organization == v.Value,
        AuditFacet.Party => seen.Party == v.Value,
        AuditFacet.Subject => seen.Subject == v.Value,
        AuditFacet.Interaction => seen.Interaction == v.Value,
        AuditFacet.Outcome => ((int)seen.Outcome).ToString() == v.Value,
        AuditFacet.Policy => seen.Details.Any(d => d.Policies.Contains(v.Value)),
        _ => seen.Id == v.Value,
    });

    private static readonly AuditCriterion[] Criteria =
    [
        AuditCriterion.Of(AuditFacet.Entity, "Condition/c1"), AuditCriterion.Of(AuditFacet.Entity, "Patient/p1", "Patient/p2"),
            AuditCriterion.Of(AuditFacet.Entity, "Patient/none"),
        AuditCriterion.Of(AuditFacet.Agent, "PractitionerRole/a"),
            new([new(AuditFacet.Agent, "Organization/o"), new(AuditFacet.Party, "gp")]),
        AuditCriterion.Of(AuditFacet.Outcome, "4"), AuditCriterion.Of(AuditFacet.Outcome, "0", "8"),
            AuditCriterion.Of(AuditFacet.Policy, "rivelin|1#b"),
        AuditCriterion.Of(AuditFacet.Policy, "rivelin|1"), AuditCriterion.Of(AuditFacet.Interaction, "read") with { IsNot = true },
        AuditCriterion.Of(AuditFacet.Entity, "Patient/p2") with { IsNot = true }, AuditCriterion.Of(AuditFacet.Subject, "anonymous"),
            AuditCriterion.Of(AuditFacet.Id, "e7", "e4097"),
    ];

    /// <summary>The oracle over blocks, the tail after them, pages in both directions, and after an erasure.</summary>
    [Fact]
    public async Task What_a_reader_sees_is_found_and_counted()
    {
        await using var given = new Given();
        var events = new Events(seed: 2);
        var all = new List<AuditEntry>();
        foreach (var size in (int[])[700, 4000, 1000])
        {
            var more = Enumerable.Range(0, size).Select(_ => events.Next()).ToArray();
            all.AddRange(more);
            await given.Commit(new Change(), more);
            Check(given, all, size);
            given.Store.FinishLedgerBlocks();
            Check(given, all, size + 1);
        }
        Assert.Equal(2100, given.Store.EraseAudit(Now.AddSeconds(2100), Audit("order", party: null)));
        all.RemoveRange(0, 2100);
        all.Add(given.AllAudit[0]);
        Check(given, all, 5);
        await given.Reopen();
        Check(given, all, 6);
        Assert.True(given.Store.VerifyLedger().IsIntact);
    }

    private static void Check(Given given, List<AuditEntry> all, int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 150; i++)
        {
            var reader = Events.Readers[i % Events.Readers.Count];
            AuditCriterion[] criteria = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Criteria[random.Next(Criteria.Length)])];
            if (reader.Person is not null)
                criteria = [.. criteria.Where(c => c.AnyOf[0].Facet is not (AuditFacet.Entity or AuditFacet.Policy))];
            var from = Now.AddSeconds(random.Next(all.Count));
            IReadOnlyList<IReadOnlyList<QueryValue>> dates = random.Next(3) > 0 ? []
                : [[new QueryValue { Prefix = (Prefix)random.Next(9), Low = from.UtcTicks, High = from.AddSeconds(random.Next(1000))
                    .UtcTicks }]];
            var expected = all.Select(reader.See).OfType<AuditEntry>()
                .Where(e => criteria.All(c => Holds(e, c)) && dates.All(any => any.Any(d => Meets(d, e.At.UtcTicks)))).ToList();
            var query = new AuditQuery(reader)
            {
                Criteria = criteria, Dates = dates, IsAscending = random.Next(2) == 0,
                Count = random.Next(1, 400), WantsTotal = random.Next(3) > 0
            };
            if (!query.IsAscending) expected.Reverse();
            Same(given, query, expected);
        }
    }

    private static void Same(Given given, AuditQuery query, List<AuditEntry> expected)
    {
        var skipped = 0;
        for (var pages = 0; pages < 3; pages++)
        {
            var page = given.Ask(s => s.Audit(query));
            Assert.Equal(query.WantsTotal ? expected.Count : null, page.Total);
            Assert.Equal(expected.Skip(skipped).Take(query.Count).Select(e => e.Id), page.Entries.Select(e => e.Id));
            foreach (var (entry, found) in expected.Skip(skipped).Zip(page.Entries).Take(3)) Assert.Equivalent(entry, found, strict: true);
            skipped += query.Count;
            Assert.Equal(skipped < expected.Count, page.Next is not null);
            if (page.Next is null) return;
            query = query with { After = page.Next };
        }
    }

    private static bool Meets(QueryValue date, long at) => date.Prefix switch
    {
        Prefix.Eq or Prefix.Ap => date.Low <= at && at <= date.High,
        Prefix.Ne => at < date.Low || date.High < at,
        Prefix.Gt or Prefix.Sa => at > date.High,
        Prefix.Ge => at >= date.Low,
        Prefix.Lt or Prefix.Eb => at < date.Low,
        _ => at <= date.High,
    };

    [Fact]
    public async Task New_events_do_not_shift_pages()
    {
        await using var given = new Given();
        for (var n = 0; n < 9; n++) await given.Commit(new Change(), Audit($"{n}"));
        var first = given.Ask(s => s.Audit(new AuditQuery(Owner) { Count = 4 }));
        await given.Commit(new Change(), Audit("new"));
        var second = given.Ask(s => s.Audit(new AuditQuery(Owner) { Count = 4, After = first.Next }));
        Assert.Equal("8 7 6 5 4 3 2 1", string.Join(' ', first.Entries.Concat(second.Entries).Select(e => e.Id)));
        Assert.Equal(10, second.Total);
    }

    [Fact]
    public async Task Parts_are_one_event_once_it_is_closed()
    {
        await using var given = new Given();
        var parts = Enumerable.Range(0, 3)
            .Select(n => Audit("batch", $"Task/{n}", patient: $"Patient/p{n}") with { IsPart = true, Interaction = "batch" }).ToArray();
        await given.Commit(new Change(), parts[0], Audit("other"), parts[1]);
        Assert.Equal("other", given.AllAudit.Single().Id);
        var filler = Enumerable.Range(0, RowSet.Rows).Select(n => Audit($"f{n}", "Task/f", party: "filler", holder: "filler")).ToArray();
        await given.Commit(new Change(), filler);
        await given.Commit(new Change(), parts[2], Audit("batch", "") with { Interaction = "batch", Details = [] });
        foreach (var isIndexed in (bool[])[false, true])
        {
            if (isIndexed)
            {
                await given.Commit(new Change(), filler);
                given.Store.FinishLedgerBlocks();
            }
            foreach (var n in (int[])[0, 1, 2])
            {
                var page = given.Ask(s =>
                    s.Audit(new AuditQuery(Owner)
                    {
                        Criteria = [AuditCriterion.Of(AuditFacet.Entity, $"Task/{n}"),
                    AuditCriterion.Of(AuditFacet.Entity, "Patient/p0")]
                    }));
                Assert.Equal(1, page.Total);
                Assert.Equal(["Task/0", "Task/1", "Task/2"], page.Entries.Single().Details.SelectMany(d => d.Ids));
            }
        }
        Assert.Equal(2 + 2 * RowSet.Rows, given.AllAudit.Count);
        Assert.True(given.Store.VerifyLedger().IsIntact);
    }

    [Fact]
    public async Task An_event_that_a_crash_left_open_is_closed_at_the_next_start()
    {
        await using var given = new Given();
        // Long ago: with PostgreSQL another process might still be at work on it.
        var at = TimeProvider.System.GetUtcNow().AddHours(-1);
        await given.Commit(new Change(), Audit("batch", "Task/1", at: at) with { IsPart = true, Interaction = "batch" });
        await given.Reopen();
        var entry = given.AllAudit.Single();
        Assert.Equal(("batch", AuditOutcome.Serious, "interrupted", "Task/1"),
            (entry.Id, entry.Outcome, entry.Reason, entry.Details.Single().Ids.Single()));
        Assert.True(given.Store.VerifyLedger().IsIntact);
    }
}
