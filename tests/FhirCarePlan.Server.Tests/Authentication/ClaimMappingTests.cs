using System.Security.Claims;
using FhirCarePlan.Server.Authentication;
using FhirCarePlan.Server.Settings;
using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server.Tests.Authentication;

/// <summary>Which values of which claims lead to which party, role and purpose. Unknown and ambiguous ones are refused.</summary>
public class ClaimMappingTests
{
    private static readonly ClaimMapping Mapping = new()
    {
        Party = [new("org", "RV1", "trust"), new("org", "RV2", "trust"), new("org", "P81", "practice")],
        Role = [new("realm_access.roles", "nurse", "cpn"), new("realm_access.roles", "doctor", "psychiatrist"), new("nrbac.person.role_code", "R8000", "gp")],
        Purpose = [new("scope_of_use", "care", "care"), new("scope_of_use", "review", "review")],
    };

    private static (Caller? Caller, TokenFault Fault) Read(ClaimMapping mapping, params (string Type, string Value)[] claims) =>
        new CallerReader(Agreement.Standard, new AuthenticationSettings { Mapping = mapping })
            .Check(new ClaimsPrincipal(new ClaimsIdentity([new("iss", "https://id.example"), .. claims.Select(c => new Claim(c.Type, c.Value))], "test")), null);

    private static readonly (string, string) Trust = ("org", "RV1"), Nurse = ("realm_access", """{"roles":["nurse","offline_access"]}"""), Care = ("scope_of_use", "care");

    [Fact]
    public void Each_is_found_by_its_values()
    {
        var (caller, _) = Read(Mapping, Trust, Nurse, Care, ("client_id", "anything"));
        Assert.Equal(("trust", "cpn", "care"), (caller!.Party!, caller.Role!, caller.Purpose!));
        (caller, _) = Read(Mapping, ("org", "P81"), ("nrbac", """[{"person":[{"role_code":"R8000"},{"role_code":"R1"}]}]"""), ("scope_of_use", "review"));
        Assert.Equal(("practice", "gp", "review"), (caller!.Party!, caller.Role!, caller.Purpose!));
    }

    [Fact]
    public void Two_values_with_one_meaning_are_one() => Assert.Equal("trust", Read(Mapping, Trust, ("org", "RV2"), Nurse, Care).Caller!.Party);

    public static TheoryData<string, string, string> Faulty => new()
    {
        { "org", "RV9", nameof(TokenFault.Unmapped) }, { "org", "rv1", nameof(TokenFault.Unmapped) }, { "org", "", nameof(TokenFault.Unmapped) },
        { "realm_access", """{"roles":["porter"]}""", nameof(TokenFault.Unmapped) }, { "realm_access", """{"groups":["nurse"]}""", nameof(TokenFault.Unmapped) },
        { "realm_access", "nurse", nameof(TokenFault.Unmapped) }, { "realm_access", """{"roles":{"nurse":true}}""", nameof(TokenFault.Unmapped) },
        { "realm_access", """{"roles":["nurse","doctor"]}""", nameof(TokenFault.Ambiguous) }, { "scope_of_use", "research", nameof(TokenFault.Unmapped) },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public void Unknown_and_ambiguous_values_are_refused(string claim, string value, string fault)
    {
        var claims = new[] { Trust, Nurse, Care }.Select(c => c.Item1 == claim ? (claim, value) : c).ToArray();
        var (caller, found) = Read(Mapping, claims);
        Assert.Null(caller);
        Assert.Equal(fault, found.ToString());
    }

    [Fact]
    public void A_missing_claim_is_unknown_and_two_parties_are_ambiguous()
    {
        Assert.Equal(TokenFault.Unmapped, Read(Mapping, Trust, Nurse).Fault);
        Assert.Equal(TokenFault.Ambiguous, Read(Mapping, Trust, ("org", "P81"), Nurse, Care).Fault);
    }

    /// <summary>The agreement lists this client for the trust.</summary>
    [Fact]
    public void The_mapping_and_the_agreement_must_not_name_two_parties()
    {
        Assert.Equal(TokenFault.Ambiguous, Read(Mapping, ("org", "P81"), Nurse, ("scope_of_use", "review"), ("client_id", "trust-ehr")).Fault);
        Assert.Equal("trust", Read(Mapping, Trust, Nurse, Care, ("client_id", "trust-ehr")).Caller!.Party);
        Assert.Equal("trust", Read(new() { Role = Mapping.Role }, Nurse, ("client_id", "trust-ehr")).Caller!.Party);
    }

    [Fact]
    public void A_refused_token_is_nobody() =>
        Assert.Null(new CallerReader(Agreement.Standard, new AuthenticationSettings { Mapping = Mapping }).Read(new ClaimsPrincipal(new ClaimsIdentity([new("iss", "dev"), new("client_id", "gp")], "test"))));

    [Theory]
    [InlineData("council", null, null, "Setting Authentication:Mapping:Party leads to `council`, which the agreement does not know; it knows `practice`, `trust`")]
    [InlineData(null, "porter", null, "Setting Authentication:Mapping:Role leads to `porter`, which the agreement does not know; it knows `cpn`")]
    [InlineData(null, null, "TREAT", "Setting Authentication:Mapping:Purpose leads to `TREAT`, which the agreement does not know; it knows `audit`, `care`, `care-management`, `quality`, `review`")]
    [InlineData("trust", "cpn", "care", null)]
    public void It_must_lead_to_words_of_the_agreement(string? party, string? role, string? purpose, string? sentence)
    {
        var protocol = Agreement.Standard with { Bars = [new Bar("b", Names.Of(), Names.Of("cpn"), Names.Of(), "b", 1)] };
        Assert.Equal(sentence, MappedClaims.Misled(new() { Party = To(party), Role = To(role), Purpose = To(purpose) }, protocol));

        static ClaimRule[] To(string? word) => word is null ? [] : [new("c", "v", word)];
    }
}
