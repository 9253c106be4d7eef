namespace FhirCarePlan.Sharing.Tests.Writing;

/// <summary>A care team gives relationships only to members who agreed, and its writer gets none beyond its own.</summary>
public class TeamRuleTests
{
    private static string Member(string member, string? level = "plan", string agreement = "agreed", string? agency = null) =>
        """{"extension":[{"url":"https://fhir.cpa.example/StructureDefinition/Extension-CPA-ParticipationAgreement","extension":[{"url":"status","valueCodeableConcept":{"coding":[{"code":"AGREEMENT"}]}}]}"""
            .Replace("AGREEMENT", agreement)
        + (level is null
            ? "" : """,{"url":"https://fhir.cpa.example/StructureDefinition/Extension-CPA-AccessLevel","valueCodeableConcept":{"coding":[{"code":"LEVEL"}]}}""".Replace("LEVEL", level))
        + (agency is null
            ? "" : """,{"url":"https://fhir.cpa.example/StructureDefinition/Extension-CPA-Agency","valueReference":{"reference":"AGENCY"}}""".Replace("AGENCY", agency))
        + """],"member":{"reference":"MEMBER"}}""".Replace("MEMBER", member);

    private static string Team(params string[] members) => $$"""
        {"resourceType":"CareTeam","id":"team","status":"active","subject":{"reference":"Patient/robin"},"participant":[{{string.Join(',', members)}}] }
        """.Replace(",\"participant\":[] }", "}");

    private static SmallWorld Held => new SmallWorld().Tie("trust", Relation.Episode);

    [Theory]
    [InlineData("full", "homes care-team-full")]
    [InlineData("plan", "homes care-team-plan")]
    [InlineData("crisis-only", "homes care-team-crisis-only")]
    [InlineData("own-task", "homes care-team-own-task")]
    [InlineData("none", "")]
    [InlineData("everything", "")]
    public void A_member_gets_the_access_level_and_no_other(string level, string opens) =>
        Assert.Equal(opens, Held.Write(SmallWorld.Coordinator, Team(Member("PractitionerRole/housing-officer", level))).Opens());

    [Theory]
    [InlineData("pending")]
    [InlineData("declined")]
    public void Who_has_not_agreed_gets_nothing(string agreement) =>
        Assert.Equal("", Held.Write(SmallWorld.Coordinator, Team(Member("Organization/harbour-homes", agreement: agreement))).Opens());

    [Fact]
    public void Membership_ends_with_the_day_where_the_people_are()
    {
        var member = Member("Organization/harbour-homes");
        var tie =
            Assert.Single(Held.Write(SmallWorld.Coordinator,
            Team(member[..^1] + ""","period":{"start":"2025-06-01","end":"2025-06-30"}}""")).Effects.Ties!);
        Assert.Equal(new DateTimeOffset(2025, 5, 31, 23, 0, 0, TimeSpan.Zero), tie.From);
        Assert.Equal(new DateTimeOffset(2025, 6, 30, 23, 0, 0, TimeSpan.Zero), tie.To);
    }

    [Fact]
    public void Each_agency_gets_its_own() =>
        Assert.Equal("council care-team-crisis-only, homes care-team-plan",
            Held.Write(SmallWorld.Coordinator,
                Team(Member("Organization/harbour-homes"), Member("PractitionerRole/social-worker", "crisis-only"))).Opens());

    /// <summary>A carer founded in the same transaction as the team got no tie until the team was written again.</summary>
    [Theory]
    [InlineData(SmallWorld.Robin, "carers carer")]
    [InlineData("person-else", "")]
    public void A_carer_may_come_with_the_team(string person, string opens)
    {
        var world = Held;
        var carer = Labelling.Bodies.Parse("""{"resourceType":"RelatedPerson","id":"new","patient":{"reference":"Patient/robin"}}"""u8.ToArray());
        world.New.Add(new("RelatedPerson", "new", "trust", person, carer));
        Assert.Equal(opens, world.Write(SmallWorld.Coordinator, Team(Member("RelatedPerson/new"))).Opens());
    }

    [Fact]
    public void A_stated_agency_is_the_one_of_the_post()
    {
        Assert.Equal("allowed",
            Held.Write(SmallWorld.Coordinator, Team(Member("PractitionerRole/housing-officer", agency: "Organization/harbour-homes")))
            .Outcome());
        Assert.Equal("participant-agency",
            Held.Write(SmallWorld.Coordinator, Team(Member("PractitionerRole/housing-officer", agency: "Organization/rivelin-council")))
            .Outcome());
    }

    [Fact]
    public void A_post_kept_by_another_party_than_its_organization_stands_for_nobody() =>
        Assert.Equal("",
            Held.Store("voluntary", null,
            """{"resourceType":"PractitionerRole","id":"lying","organization":{"reference":"Organization/harbour-homes"}}""")
            .Write(SmallWorld.Coordinator, Team(Member("PractitionerRole/lying"))).Opens());

    [Fact]
    public void Without_the_right_or_a_relationship_nobody_writes_one()
    {
        Assert.Equal("right:manage-team", Held.Write(SmallWorld.Psychiatrist, Team()).Outcome());
        Assert.Equal("G6", new SmallWorld().Write(SmallWorld.Coordinator, Team()).Outcome());
        Assert.Equal("G6", new SmallWorld().Tie("trust", Relation.ReferralPending).Write(SmallWorld.Coordinator, Team()).Outcome());
    }

    [Fact]
    public void Colleagues_get_no_more_than_the_party_has()
    {
        var team = Team(Member("PractitionerRole/care-coordinator", "full"));
        Assert.Equal("trust care-team-full", Held.Write(SmallWorld.Coordinator, team).Opens());
        Assert.Equal("", new SmallWorld().Tie("trust", Relation.TeamOwnTask).Write(SmallWorld.Coordinator, team).Opens());
        Assert.Equal("trust care-team-own-task", new SmallWorld().Tie("trust", Relation.TeamPlan)
            .Write(SmallWorld.Coordinator, Team(Member("PractitionerRole/care-coordinator", "own-task"))).Opens());
    }

    [Fact]
    public void A_team_that_is_not_active_or_goes_gives_nothing()
    {
        var world = Held.Store("trust", SmallWorld.Robin, Team());
        Assert.Equal("",
            world.Write(SmallWorld.Coordinator, Team(Member("Organization/harbour-homes")).Replace("\"active\"", "\"inactive\"")).Opens());
        Assert.Equal("", world.Delete(SmallWorld.Coordinator, "CareTeam", "team").Opens());
    }
}
