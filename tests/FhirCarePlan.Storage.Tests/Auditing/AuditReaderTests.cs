using static FhirCarePlan.Storage.AuditDetailKind;

namespace FhirCarePlan.Storage.Tests.Auditing;

/// <summary>Who sees what of an event (src/docs/sharing.md#the-ledger).</summary>
public class AuditReaderTests
{
    private static readonly AuditEntry Search = Given.Audit("1", "Condition", party: "gp") with
    {
        Details =
        [
            new AuditDetail { Kind = Shown, Holder = "trust", Person = "robin", Patient = "Patient/robin", Ids = ["Condition/a"],
                Count = 1 },
            new AuditDetail { Kind = Shown, Holder = "gp", Person = "lee", Patient = "Patient/lee", Ids = ["Condition/b"], Count = 1 },
            new AuditDetail { Kind = Refused, Holder = "homes", Person = "robin", Patient = "Patient/robin", Ids = ["Condition/c"],
                Count = 1, Gate = "G8" },
        ],
    };

    [Theory]
    [InlineData("the agent's party", "gp", false, null, "Condition/a Condition/b")]
    [InlineData("a holder learns of its own, and of no other's", "trust", false, null, "Condition/a")]
    [InlineData("a holder learns of what was refused", "homes", false, null, "Condition/c")]
    [InlineData("nobody else", "council", false, null, null)]
    [InlineData("no party", null, false, null, null)]
    [InlineData("the owner", "trust", true, null, "Condition/a Condition/b Condition/c")]
    [InlineData("the owner of its own staff as little as they were told", "gp", true, null, "Condition/a Condition/b")]
    [InlineData("the person, whoever holds it", null, false, "robin", "Condition/a Condition/c")]
    [InlineData("a holder about one person", "gp", false, "robin", "Condition/a")]
    [InlineData("a holder about somebody else", "gp", false, "wren", null)]
    [InlineData("the owner about one person", "trust", true, "lee", "Condition/b")]
    public void Details_are_seen_by(string why, string? party, bool isOwner, string? person, string? ids)
    {
        var seen = new AuditReader(party, isOwner, person).See(Search);
        Assert.True(ids == (seen is null ? null : string.Join(' ', seen.Details.SelectMany(d => d.Ids))), why);
    }

    [Fact]
    public void A_refusal_reads_to_the_agents_party_like_something_absent()
    {
        var hidden = Given.Audit("1", "Patient/lee", isPermitted: false, party: "gp", holder: "trust", patient: "Patient/lee");
        var absent = Given.Audit("1", "Patient/lee", isPermitted: false, party: "gp") with { Details = [] };
        foreach (var isOwner in (bool[])[true, false]) Assert.Equivalent(absent, new AuditReader("gp", isOwner).See(hidden), strict: true);
    }

    [Fact]
    public void A_holder_reads_what_was_asked_only_as_far_as_its_own_details_name_it()
    {
        var read = Search with { Target = "Condition/b" };
        Assert.Equal("Condition", new AuditReader("trust").See(read)!.Target);
        Assert.Equal("Condition/b", new AuditReader("gp").See(read)!.Target);
        Assert.Equal("Condition/a", new AuditReader("trust").See(Search with { Target = "Condition/a" })!.Target);
        Assert.Equal("Patient/robin", new AuditReader("homes").See(Search with { Target = "Patient/robin" })!.Target);
    }
}
