using FhirCarePlan.Storage.Auditing;

namespace FhirCarePlan.Storage.Tests.Auditing;

public class SealedEntryTests
{
    private readonly List<string> texts = [""];

    private long NumberOf(string text)
    {
        if (texts.IndexOf(text) is > 0 and var known) return known;
        texts.Add(text);
        return texts.Count - 1;
    }

    private static readonly List<string> stored = ["Condition/c1", "Patient/p2", "CarePlan/a"];

    private static long? KeyOf(string type, string id) => stored.IndexOf($"{type}/{id}") is >= 0 and var key ? key : null;

    private AuditEntry ThereAndBack(AuditEntry entry) => ThereAndBack(new SealedEntry(entry));

    private AuditEntry ThereAndBack(SealedEntry entry) =>
        SealedEntry.Read(entry.Payload(NumberOf, KeyOf), number => SealedEntry.Split(texts[(int)number]), key => stored[(int)key]);

    [Fact]
    public void Every_entry_comes_back_as_it_went_in_and_with_the_same_commitment()
    {
        var events = new Events(seed: 1);
        for (var i = 0; i < 500; i++)
        {
            var entry = events.Next() with { IsPart = i % 7 == 0 };
            var sealed_ = new SealedEntry(entry);
            var back = ThereAndBack(sealed_);
            Assert.Equivalent(entry, back, strict: true);
            Assert.Equal(sealed_.Commitment, Commitment.Of(sealed_.Salt, back));
        }
    }

    [Theory]
    [InlineData("0123456789abcdefghjkmnpqrs")]
    [InlineData("0123456789abcdef0123456789abcdef")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("not one of ours, 26 chars!")]
    [InlineData("")]
    [InlineData("x")]
    public void Ids_of_every_shape_come_back(string id)
    {
        var entry = Given.Audit(id, $"Task/{id}") with { CorrelationId = id };
        Assert.Equivalent(entry, ThereAndBack(entry), strict: true);
    }

    [Fact]
    public void Nothing_that_differs_is_committed_to_alike()
    {
        var entry = Given.Audit("1", agent: "PractitionerRole/x", patient: "Patient/p");
        var salt = new byte[Commitment.SaltLength];
        var detail = entry.Details[0];
        AuditEntry[] others =
        [
            entry, entry with { Id = "2" }, entry with { At = entry.At.AddTicks(1) }, entry with { Outcome = AuditOutcome.Serious }, entry
                with { Status = 201 },
            entry with { Role = null }, entry with { Role = "" }, entry with { Party = entry.Role, Role = entry.Party }, entry
                with { IsPart = true }, entry with { Details = [] },
            entry with { Details = [detail, detail] }, entry with { Details = [detail with { Mask = 4 }] }, entry
                with { Details = [detail with { Count = 2 }] },
            entry with { Details = [detail with { Ids = [] }] }, entry with { Details = [detail with { Gate = "G1" }] }, entry
                with { Details = [detail with { IsWidening = true }] },
            entry with { Details = [detail with { Types = detail.Policies, Policies = detail.Types }] }, entry
                with { Details = [detail with { Kind = AuditDetailKind.Written }] },
        ];
        Assert.Equal(others.Length, others.Select(o => Convert.ToHexString(Commitment.Of(salt, o))).Distinct().Count());
    }

    [Fact]
    public void Of_many_resources_a_hundred_are_named_and_all_counted()
    {
        var entry = Given.Audit("1", "Condition");
        entry = entry
            with
        {
            Details = [entry.Details[0] with { Count = 70, Ids = Ids(70) }, entry.Details[0] with { Count = 80, Ids = Ids(80) },
            entry.Details[0] with { Ids = Ids(9) }]
        };
        Assert.Equal([(70, 70), (80, 30), (1, 0)], ThereAndBack(entry).Details.Select(d => (d.Count, d.Ids.Count)));

        static string[] Ids(int count) => [.. Enumerable.Range(0, count).Select(n => $"Condition/{n}")];
    }
}
