using FhirCarePlan.Server.Authentication;
using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server.Tests.Authentication;

public class PersonasTests
{
    [Fact]
    public void The_cast_is_that_of_the_issue() => Assert.Equal(
        ["care-coordinator", "psychiatrist", "gp", "social-worker", "housing-officer", "voluntary-worker", "person", "carer", "ig-lead",
            "system", "outsider"],
        Personas.Cast().Select(p => p.Id));

    [Fact]
    public void A_persona_has_the_party_and_purposes_the_protocol_gives_it()
    {
        var personas = new Personas(Agreement.Standard);
        Assert.Equal("practice", personas.Find("gp")!.Party);
        Assert.Equal(["care", "review"], personas.Find("gp")!.Purposes);
        Assert.Null(personas.Find("outsider")!.Party);
        Assert.Null(personas.Find("nobody"));
    }

    [Fact]
    public void A_persona_keeps_to_its_own_purposes_where_the_protocol_has_them()
    {
        var many = Agreement.Standard
            with
        {
            Purposes = [.. Agreement.Standard.Purposes, new("governance", "HOPERAT", "Watch", Names.Of("trust"), 1)],
            Parties = [Agreement.Standard.Parties[0] with { Clients = [new("dev", "ig-lead", 1)] }]
        };
        Assert.Equal(["governance"], new Personas(many).Find("ig-lead")!.Purposes);
    }

    [Fact]
    public void Under_another_protocol_a_persona_has_the_purposes_and_organisation_of_its_party()
    {
        var only = Agreement.With(new Party
        {
            Id = "trust", Name = "Trust", Status = PartyStatus.Joined, Organizations = ["Organization/one"],
            Clients = [new("dev", "housing-officer", 1)],
        });
        var persona = new Personas(only).Find("housing-officer")!;
        Assert.Equal(["care", "care-management", "audit", "quality"], persona.Purposes);
        Assert.Equal("Organization/one", persona.Organization);
    }

    [Theory]
    [InlineData(null, "care")]
    [InlineData("", "care")]
    [InlineData("care-management", "care-management")]
    [InlineData("CAREMGT", "care-management")]
    [InlineData("HOPERAT", null)] // two of its purposes share the code
    [InlineData("review", null)]
    [InlineData("care care-management", null)]
    public void A_purpose_is_stated_by_id_or_code_out_of_the_personas_own(string? stated, string? purpose)
    {
        var personas = new Personas(Agreement.Standard);
        Assert.Equal(purpose, personas.PurposeOf(personas.Find("care-coordinator")!, stated));
    }
}
