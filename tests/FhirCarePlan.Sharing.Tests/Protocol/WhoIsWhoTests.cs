namespace FhirCarePlan.Sharing.Tests;

/// <summary>Parties, purposes and rights come from the protocol and the token alone.</summary>
public class WhoIsWhoTests
{
    private static readonly Protocol partnership = ShippedProtocolsTests.Partnership;

    [Theory]
    [InlineData("care-coordinator", "trust")]
    [InlineData("psychiatrist", "trust")]
    [InlineData("ig-lead", "trust")]
    [InlineData("gp", "practice")]
    [InlineData("social-worker", "council")]
    [InlineData("housing-officer", "homes")]
    [InlineData("voluntary-worker", "voluntary")]
    [InlineData("person", "people")]
    [InlineData("carer", "carers")]
    [InlineData("outsider", null)]
    [InlineData("system", null)]
    public void A_persona_speaks_for_its_party(string client, string? party)
    {
        Assert.Equal(party, partnership.PartyOf("dev", client)?.Id);
        Assert.Null(partnership.PartyOf("https://elsewhere.example", client));
    }

    [Theory]
    [InlineData("council", "CAREMGT", "social-care")]
    [InlineData("homes", "CAREMGT", "housing-support")]
    [InlineData("homes", "housing-support", "housing-support")]
    [InlineData("homes", "TREAT", null)]
    [InlineData("homes", "direct-care", null)]
    [InlineData("trust", "TREAT", "direct-care")]
    [InlineData("trust", "treat", null)]
    [InlineData(null, "TREAT", null)]
    [InlineData("trust", null, null)]
    public void A_purpose_is_found_by_code_or_id_among_the_partys_own(string? party, string? stated, string? purpose) => Assert.Equal(purpose, partnership.PurposeOf(party, stated)?.Id);

    [Theory]
    [InlineData("trust", "care-coordinator", "manage-team", true)]
    [InlineData("trust", "psychiatrist", "manage-team", false)]
    [InlineData("practice", "care-coordinator", "manage-team", false)]
    [InlineData("trust", "care-coordinator", "enrol", true)]
    [InlineData("practice", "gp", "register", true)]
    [InlineData("practice", "gp", "record-consent", false)]
    [InlineData("homes", "housing-worker", "record-consent", false)]
    [InlineData("trust", "ig-lead", "declassify", true)]
    [InlineData("trust", "ig-lead", "conform", true)]
    [InlineData("people", "patient", "record-consent", false)]
    [InlineData(null, "care-coordinator", "manage-team", false)]
    [InlineData("trust", null, "manage-team", false)]
    [InlineData("trust", "care-coordinator", "nonsense", false)]
    public void Rights_belong_to_party_and_role(string? party, string? role, string right, bool has) => Assert.Equal(has, partnership.HasRight(party, role, right));

    [Fact]
    public void The_person_records_consent_about_themselves_only()
    {
        var person = new Caller { Issuer = "dev", Client = "person", Subject = "p", Party = "people", Role = "patient" };
        Assert.True(partnership.HasRight(person, "record-consent", Relation.Self));
        Assert.False(partnership.HasRight(person, "record-consent", Relation.Carer));
        Assert.False(partnership.HasRight(person with { Role = "carer" }, "record-consent", Relation.Self));
    }

    [Fact]
    public void A_suspended_party_has_no_rights_left()
    {
        var suspended = partnership with { Parties = [.. partnership.Parties.Select(p => p with { Status = PartyStatus.Suspended })] };
        Assert.False(suspended.HasRight("trust", "care-coordinator", "manage-team"));
    }

    [Fact]
    public void The_services_own_actor_has_the_rights_it_is_given()
    {
        var loader = new Caller { Issuer = SystemActor.Issuer, Client = "sample-loader", Subject = "s", Party = "practice" };
        Assert.True(partnership.HasRight(loader, "enrol"));
        Assert.False(partnership.HasRight(loader, "declassify"));
        Assert.False(partnership.HasRight(loader with { Issuer = "dev" }, "enrol"));
    }

    [Theory]
    [InlineData("https://fhir.cpa.example/sharing/rivelin-mental-health|1", true)]
    [InlineData("https://fhir.cpa.example/sharing/rivelin-mental-health|11", false)]
    [InlineData("https://fhir.cpa.example/sharing/rivelin-mental-health|", false)]
    [InlineData("https://fhir.cpa.example/sharing/rivelin-mental-health", false)]
    [InlineData("https://fhir.cpa.example/sharing/rivelin-mental-healtH|1", false)]
    public void A_consent_cites_it_by_canonical_and_major_version(string cited, bool isCited) => Assert.Equal(isCited, partnership.IsCited(cited));
}
