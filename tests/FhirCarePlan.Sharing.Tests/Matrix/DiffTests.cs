using FhirCarePlan.Sharing.Matrix;
using FhirCarePlan.Sharing.Tests.Deciding;
using FhirCarePlan.Sharing.Tests.Loading;

namespace FhirCarePlan.Sharing.Tests.Matrix;

/// <summary>A diff names what two agreements decide otherwise, with a request that shows it, and nothing else.</summary>
public class DiffTests
{
    private static readonly DateTimeOffset now = RandomProtocols.Now;
    private static Protocol Read(string text) => ProtocolFileTests.Read(text).Protocol!;
    private static MatrixDiff Diff(string found, string by) =>
        MatrixDiff.Between(Read(ProtocolFileTests.Small), Read(ProtocolFileTests.Small.Replace(found, by)), now);

    [Fact]
    public void An_agreement_does_not_differ_from_itself() =>
        Assert.True(MatrixDiff.Between(Read(ProtocolFileTests.Small), Read(ProtocolFileTests.Small), now).IsEmpty);

    [Theory]
    [InlineData("data: [risk] }", "data: [risk, other] }", true, "other")]
    [InlineData("relationship: registered }\n    plain", "relationship: [registered, episode] }\n    plain", true, "risk")]
    [InlineData("consent: none, relationship", "consent: explicit, relationship", false, "risk")]
    [InlineData("roles: [gp], purpose: care, data", "roles: [gp, cpn], purpose: care, data", true, "risk")]
    [InlineData("data: [risk] }", "data: [risk], types: [RiskAssessment] }", false, "risk")]
    [InlineData("name: Beech\n    status: joined", "name: Beech\n    status: suspended", false, "risk")]
    [InlineData("tests:\n", "bars: [{ id: never, to: all, data: [risk], plain: Never. }]\ntests:\n", false, "risk")]
    public void A_change_of_a_rule_flips_its_cells_one_way(string found, string by, bool widens, string category)
    {
        var diff = Diff(found, by);
        Assert.NotEmpty(diff.Flips);
        Assert.All(diff.Flips, f => Assert.Equal(widens, f.Widens));
        Assert.Contains(diff.Flips, f => f.Row.Data.Contains(category));
        Assert.Equal(widens, diff.Widens);
    }

    [Theory]
    [InlineData("organizations: [Organization/beech]", "organizations: [Organization/beech]\n    clients: [{ issuer: dev, id: x }]", true)]
    [InlineData("organizations: [Organization/beech]", "organizations: [Organization/beech]\n    rights: { enrol: [gp] }", true)]
    [InlineData("RiskAssessment: \"true\"", "Flag: \"true\"", true)]
    [InlineData("gdpr6: 6(1)(e)", "gdpr6: 6(1)(c)", false)]
    [InlineData("to: 2099-12-31, review", "to: 2100-12-31, review", true)]
    [InlineData("version: 1.0.0", "version: 2.0.0", false)]
    public void What_no_cell_shows_is_named_apart(string found, string by, bool mayWiden)
    {
        var diff = Diff(found, by);
        Assert.Empty(diff.Flips);
        Assert.NotEmpty(diff.Other);
        Assert.Equal(mayWiden, diff.Widens);
    }

    [Theory]
    [InlineData("plain: Beech sees risk.", "plain: Beech sees dangers.")]
    [InlineData("why: Registered.", "why: Because.")]
    [InlineData("incidents: Told within a day.", "incidents: Told within an hour.")]
    public void Words_alone_change_nothing(string found, string by) => Assert.True(Diff(found, by).IsEmpty);

    /// <summary>Each example is a request that the two agreements answer otherwise, in the way that the flip says.</summary>
    [Fact]
    public void Every_example_is_decided_otherwise()
    {
        var flips = 0;
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new RandomProtocols(seed);
            var before = random.Protocol();
            var after = before with { Rules = [.. before.Rules.Skip(1), random.Rule("new-rule")] };
            var diff = MatrixDiff.Between(before, after, now);
            foreach (var flip in diff.Flips)
            {
                if (flip.Example.Tie == "nobody's") continue;
                Assert.Equal((!flip.Widens, flip.Widens), (IsOpen(before, flip.Example), IsOpen(after, flip.Example)));
                flips++;
            }
        }
        Assert.InRange(flips, 200, int.MaxValue);

        static bool IsOpen(Protocol protocol, ExampleRequest asked)
        {
            var inForce = TestRun.InForce(protocol);
            var broker = new Broker(inForce, ProtocolBits.InOrder(inForce));
            var role = asked.Role is MatrixRow.NoRole or MatrixRow.OtherRole ? "somebody-else" : asked.Role;
            var question = TestRun.QuestionOf(inForce,
                new(asked.Party, role, asked.Purpose, asked.Action, asked.Type, asked.IsOwn, asked.Consent, Relations.ByName[asked.Tie]));
            if (asked.Role == MatrixRow.NoRole) question = question with { Caller = question.Caller with { Role = null } };
            return (broker.Permitted(question, TestRun.Within(inForce, now)) & broker.Bits.Of(asked.Category)) != 0;
        }
    }

    /// <summary>Whatever is decided otherwise about a random question lies in some flip, so a diff without flips is no accident.</summary>
    [Fact]
    public void Nothing_that_is_decided_otherwise_is_left_out()
    {
        var found = 0;
        for (var seed = 100; seed < 160; seed++)
        {
            var random = new RandomProtocols(seed);
            var before = random.Protocol();
            var after = before with { Rules = [.. before.Rules.Skip(1), random.Rule("new-rule")] };
            var (one, two) = (SharingMatrix.Of(before, now), SharingMatrix.Of(after, now));
            var diff = MatrixDiff.Between(before, after, now);
            for (var i = 0; i < 100; i++)
            {
                var asked = random.Question();
                if (asked.Caller is not { Party: { } party, Purpose: { } purpose, Role: "gp" or "cpn" or "patient" }) continue;
                var desk = new Desk(party, asked.Caller.Role, purpose, asked.Action, asked.IsHome);
                var question = one.QuestionOf(desk, asked.Type, Contexts.Of(random.Random.Next(Contexts.Ties.Count), ConsentSaid.Agreed));
                var differs = one.Broker.Permitted(question, one.Now) ^ two.Broker.Permitted(question, two.Now);
                foreach (var category in one.Broker.Bits.NamesIn(differs))
                {
                    Assert.Contains(diff.Flips, f => f.Row.Party == party && f.Row.Purpose == purpose && f.Row.Data.Contains(category)
                        && f.Row.Actions.Contains(asked.Action) && f.Row.IsOwn == asked.IsHome);
                    found++;
                }
            }
        }
        Assert.InRange(found, 100, int.MaxValue);
    }
}
