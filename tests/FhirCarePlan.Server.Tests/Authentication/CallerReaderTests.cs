using System.Security.Claims;
using FhirCarePlan.Server.Authentication;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.Settings;
using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server.Tests.Authentication;

public class CallerReaderTests
{
    private static Caller Read(params (string Type, string Value)[] claims) => Read(new AuthenticationSettings(), claims);

    private static Caller Read(AuthenticationSettings settings, params (string Type, string Value)[] claims) =>
        new CallerReader(Agreement.Standard, settings)
            .Read(new ClaimsPrincipal(new ClaimsIdentity(claims.Select(c => new Claim(c.Type, c.Value)), "test")))!;

    private static Caller OfTrust(params (string, string)[] claims) => Read([("iss", "dev"), ("client_id", "care-coordinator"), .. claims]);

    [Fact]
    public void Nobody_is_no_caller() =>
        Assert.Null(new CallerReader(Agreement.Standard, new()).Read(new ClaimsPrincipal(new ClaimsIdentity())));

    [Theory]
    [InlineData("dev", "care-coordinator", "trust")]
    [InlineData("dev", "gp", "practice")]
    [InlineData("https://id.example", "trust-ehr", "trust")]
    [InlineData("dev", "trust-ehr", "practice")] // the same client id from another issuer is another client
    [InlineData("https://id.example", "gp", null)]
    [InlineData("https://id.example/", "trust-ehr", null)]
    [InlineData("dev", "outsider", null)]
    public void The_party_is_that_of_issuer_and_client(string issuer, string client, string? party) =>
        Assert.Equal(party, Read(("iss", issuer), ("client_id", client)).Party);

    [Fact]
    public void A_token_without_client_or_with_two_is_of_no_party()
    {
        Assert.Null(Read(("iss", "dev")).Party);
        Assert.Null(Read(("iss", "dev"), ("client_id", "gp"), ("client_id", "care-coordinator")).Party);
    }

    [Theory]
    [InlineData("care", "care")]
    [InlineData("TREAT", "care")]
    [InlineData("http://terminology.hl7.org/CodeSystem/v3-ActReason|TREAT", "care")]
    [InlineData("CAREMGT", "care-management")] // the other purpose of this code is another party's
    [InlineData("review", null)]
    [InlineData("HOPERAT", null)] // two purposes share the code
    [InlineData("audit", "audit")]
    [InlineData("TREAT CAREMGT", null)]
    [InlineData("treat", null)]
    [InlineData("", null)]
    public void One_known_purpose_counts(string stated, string? purpose) => Assert.Equal(purpose, OfTrust(("purpose", stated)).Purpose);

    [Fact]
    public void No_purpose_or_several_is_none()
    {
        Assert.Null(OfTrust().Purpose);
        Assert.Null(OfTrust(("purpose", "care"), ("purpose", "audit")).Purpose);
    }

    [Fact]
    public void Two_roles_are_none()
    {
        Assert.Equal("psychiatrist", OfTrust(("role", "psychiatrist")).Role);
        Assert.Null(OfTrust(("role", "psychiatrist"), ("role", "care-coordinator")).Role);
    }

    [Theory]
    [InlineData("robin", "Patient/robin")]
    [InlineData("Patient/robin", "Patient/robin")]
    [InlineData("Person/robin", null)]
    [InlineData("Patient/robin/_history/1", null)]
    [InlineData("https://elsewhere.example/Patient/robin", null)]
    [InlineData("", null)]
    public void A_reference_is_an_id_or_a_local_reference(string claim, string? reference) =>
        Assert.Equal(reference, OfTrust(("patient", claim)).Patient);

    [Theory]
    [InlineData(null, "Organization/trust")]
    [InlineData("Organization/crisis-team", "Organization/crisis-team")]
    [InlineData("Organization/practice", null)]
    public void A_party_acts_as_its_own_organisations_only(string? claim, string? organization) =>
        Assert.Equal(organization, (claim is null ? OfTrust() : OfTrust(("organization", claim))).Organization);

    [Fact]
    public void Claims_are_named_by_the_configuration_and_the_first_present_counts()
    {
        var settings = new AuthenticationSettings { Claims = new() { Role = "nhs_role role", Client = "azp", PractitionerRole = "post" } };
        var caller = Read(settings, ("iss", "dev"), ("azp", "gp"), ("client_id", "care-coordinator"), ("role", "a"), ("nhs_role", "b"),
            ("post", "gp"), ("sub", "s"));
        Assert.Equal(("practice", "b", "PractitionerRole/gp", "s"),
            (caller.Party!, caller.Role!, caller.PractitionerRole!, caller.Subject));
    }
}
