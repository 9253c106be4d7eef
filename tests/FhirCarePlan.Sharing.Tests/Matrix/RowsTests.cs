using FhirCarePlan.Sharing.Matrix;
using FhirCarePlan.Sharing.Tests.Deciding;
using FhirCarePlan.Sharing.Tests.Labelling;

namespace FhirCarePlan.Sharing.Tests.Matrix;

/// <summary>The lines that people read say what the cells say.</summary>
public class RowsTests
{
    private static readonly SharingMatrix rivelin = SharingMatrix.Of(ShippedProtocolsTests.Partnership, RandomProtocols.Now);

    private static IEnumerable<MatrixRow> Rows(string party, string category, string type = "CarePlan", bool own = false) =>
        MatrixRows.Of(rivelin, new() { Party = party, Category = category, Type = type, Action = "read", IsOwn = own });

    [Theory]
    [InlineData("homes", "accommodation", "tie: care-team-full, care-team-plan; only if the person agrees",
        "homes-see-need-and-crisis-contact")]
    [InlineData("practice", "risk", "tie: registered, referral, care-team-full; unless the person objects", "practice-sees-care")]
    [InlineData("people", "risk", "tie: self", "person-sees-own-record")]
    public void The_partnership_says_on_which_condition(string party, string category, string condition, string clause)
    {
        var row = Assert.Single(Rows(party, category));
        Assert.Equal((condition, clause), (row.Condition, Assert.Single(row.Clauses)));
    }

    [Theory]
    [InlineData("homes", "risk")]
    [InlineData("homes", "diagnosis")]
    [InlineData("voluntary", "crisis-plan")]
    [InlineData("people", "third-party-information")]
    public void What_no_line_names_is_closed(string party, string category) => Assert.Empty(Rows(party, category));

    [Fact]
    public void A_party_reads_its_own_record_whatever_others_agree() =>
        Assert.Contains(Rows("homes", "risk", own: true), r => r.Condition == Condition.Always
            && r.Roles.SequenceEqual(["housing-worker"]));

    [Fact]
    public void Lines_that_are_joined_and_lines_for_each_cell_name_the_same()
    {
        HashSet<string> Cells(bool perCell) =>
            [.. MatrixRows.Of(rivelin, new() { PerCell = perCell, WithLabels = true, WithClauses = false })
            .SelectMany(r => from role in r.Roles from action in r.Actions from data in r.Data from type in r.Types
                select $"{r.Party} {role} {r.Purpose} {r.IsOwn} {action} {data} {r.Cell}")];
        Assert.True(Cells(true).Count > 1000);
        Assert.Equal(Cells(true).Order(), Cells(false).Order());
    }

    [Theory]
    [InlineData(0b111, "always")]
    [InlineData(0b011, "unless the person objects")]
    [InlineData(0b010, "only if the person agrees")]
    [InlineData(0b101, "if consent is: nothing said or refused")]
    public void What_a_person_said_has_words(int answers, string words) => Assert.Equal(words, Condition.Words((ulong)answers << 1));

    [Fact]
    public void A_cell_for_spreadsheets_is_never_a_formula()
    {
        var text = new StringWriter();
        MatrixCsv.Write(text, [new("=1+1", ["a\"b"], "@x", true, ["read"], ["-t"], ["a", "b"], 14, [])]);
        Assert.Equal("party,role,purpose,record,action,types,category,condition,clauses\r\n'=1+1,\"a\"\"b\",'@x,own,read,'-t,\"a; b\",always,\r\n", text.ToString());
    }

    [Fact]
    public void A_resource_is_told_element_by_element_with_the_clause()
    {
        var protocol = TestRun.InForce(ShippedProtocolsTests.Partnership);
        var broker = new Broker(protocol, ProtocolBits.InOrder(protocol));
        var labeller = new Sharing.Labelling.Labeller(protocol, broker.Bits, TimeProvider.System);
        using var plan =
            Bodies.Parse("""{"resourceType":"Condition","id":"c","clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},"code":{"text":"Psychosis"},"subject":{"reference":"Patient/p"},"recorder":{"reference":"PractitionerRole/r"}}"""u8.ToArray());
        WhatIf See(string party, string role, string purpose, string consent) => WhatIf.Of(broker, labeller, plan,
            TestRun.QuestionOf(protocol, new(party, role, purpose, "read", "Condition", false, consent, Relation.TeamFull)),
                RandomProtocols.Now);

        var gp = See("practice", "gp", "direct-care", "none");
        Assert.True(gp.IsSeen);
        Assert.Contains(gp.Elements, e => e.Path.StartsWith("Condition.code", StringComparison.Ordinal) && e.IsSeen
            && e.Reasons.Any(r => r.Rules.Contains("practice-sees-care")));
        var landlord = See("homes", "housing-worker", "housing-support", "granted");
        Assert.False(landlord.IsSeen);
        Assert.All(landlord.Elements, e => Assert.False(e.IsSeen));
        Assert.Contains(landlord.Elements, e => e.Why.StartsWith("G8: Your landlord never learns", StringComparison.Ordinal));
    }
}
