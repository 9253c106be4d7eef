using System.Security.Claims;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Authentication;
using FhirCarePlan.Server.Settings;
using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server.Tests.Authentication;

/// <summary>`fhirUser` must agree with the party and the other claims.</summary>
public class FhirUserTests
{
    private static readonly BaseAddresses Own = new(["https://care.example/fhir"]);

    private static readonly Protocol Protocol = Agreement.With(
        Party("trust", "trust-ehr"), Party("people", "app", Relation.Self), Party("carers", "carer-app", Relation.Carer));

    private static Party Party(string id, string client, long relationship = 0) => new()
    {
        Id = id, Name = id, Status = PartyStatus.Joined, Clients = [new("dev", client, 1)],
        Home = [new HomeRule(id, Names.All, Names.All, Names.All, Names.All, Names.All, relationship, Clearance.All, id, 1)],
    };

    private static (Caller? Caller, TokenFault Fault) Read(string client, params (string, string)[] claims) =>
        new CallerReader(Protocol, new AuthenticationSettings())
            .Check(new ClaimsPrincipal(new ClaimsIdentity([new("iss", "dev"), new("client_id", client), .. claims.Select(c => new Claim(c.Item1, c.Item2))], "test")), Own);

    [Theory]
    [InlineData("trust-ehr", "PractitionerRole/nurse", true)]
    [InlineData("trust-ehr", "Practitioner/nurse", true)]
    [InlineData("trust-ehr", "https://care.example/fhir/Practitioner/nurse", true)]
    [InlineData("trust-ehr", "https://elsewhere.example/fhir/Practitioner/nurse", false)]
    [InlineData("trust-ehr", "Patient/robin", false)]
    [InlineData("trust-ehr", "RelatedPerson/gail", false)]
    [InlineData("trust-ehr", "Person/robin", false)]
    [InlineData("trust-ehr", "nurse", false)]
    [InlineData("trust-ehr", "", false)]
    [InlineData("app", "Patient/robin", true)]
    [InlineData("app", "RelatedPerson/gail", true)]
    [InlineData("app", "Practitioner/nurse", false)]
    [InlineData("carer-app", "RelatedPerson/gail", true)]
    [InlineData("carer-app", "Patient/robin", false)]
    [InlineData("carer-app", "PractitionerRole/nurse", false)]
    public void Its_type_must_be_one_of_the_party(string client, string user, bool agrees)
    {
        var (caller, fault) = Read(client, ("fhirUser", user));
        Assert.Equal(agrees, caller is not null);
        if (!agrees) Assert.Equal(TokenFault.User, fault);
        else Assert.EndsWith(caller!.FhirUser!, user, StringComparison.Ordinal);
    }

    [Fact]
    public void It_says_who_the_user_is_and_must_not_contradict_another_claim()
    {
        Assert.Equal("Patient/robin", Read("app", ("fhirUser", "Patient/robin")).Caller!.Patient);
        Assert.Equal("PractitionerRole/nurse", Read("trust-ehr", ("fhirUser", "PractitionerRole/nurse"), ("practitioner_role", "nurse")).Caller!.PractitionerRole);
        Assert.Equal(TokenFault.User, Read("trust-ehr", ("fhirUser", "PractitionerRole/nurse"), ("practitioner_role", "other")).Fault);
        Assert.Equal(TokenFault.User, Read("carer-app", ("fhirUser", "RelatedPerson/gail"), ("related_person", "other")).Fault);
        Assert.Equal(TokenFault.User, Read("trust-ehr", ("fhirUser", "Practitioner/a"), ("fhirUser", "Practitioner/b")).Fault);
    }

    /// <summary>`patient` is the launch context in a token of SMART: a clinician who has opened a record is not the person.</summary>
    [Fact]
    public void The_person_of_the_launch_context_is_not_the_user()
    {
        var (clinician, _) = Read("trust-ehr", ("scope", "patient/*.rs"), ("patient", "robin"));
        Assert.Equal((null, "Patient/robin"), (clinician!.Patient, clinician.LaunchPatient));
        var (person, _) = Read("app", ("scope", "patient/*.rs"), ("patient", "robin"));
        Assert.Equal(("Patient/robin", "Patient/robin"), (person!.Patient, person.LaunchPatient));
        // The user is one person, and has opened another's record.
        (person, _) = Read("app", ("scope", "patient/*.rs"), ("patient", "robin"), ("fhirUser", "Patient/wren"));
        Assert.Equal(("Patient/wren", "Patient/robin"), (person!.Patient, person.LaunchPatient));
        Assert.Equal("Patient/robin", Read("trust-ehr", ("patient", "robin")).Caller!.Patient);
    }
}
