using System.Security.Claims;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Settings;
using FhirCarePlan.Sharing;
using FhirCarePlan.Sharing.Smart;

namespace FhirCarePlan.Server.Authentication;

/// <summary>A token's claims as a Caller, by the names and the mapping of the configuration, and the protocol. A doubtful claim (two roles, two
/// purposes, a malformed reference) counts as absent, and the gates then deny. Where a mapping is configured, a value that it does not know,
/// or values with two meanings, refuse the token.</summary>
public sealed class CallerReader(Protocol protocol, AuthenticationSettings settings)
{
    /// <summary>Null for an unauthenticated user, and for a token that is refused.</summary>
    public Caller? Read(ClaimsPrincipal user) => user is CallerPrincipal known ? known.Caller : Check(user, null).Caller;

    /// <summary>The caller, or why the token is refused.</summary>
    /// <param name="own">Addresses of this server; null: none.</param>
    public (Caller? Caller, TokenFault Fault) Check(ClaimsPrincipal user, BaseAddresses? own)
    {
        // The service's own actors never come by token.
        if (user.Identity is not { IsAuthenticated: true } || ClaimValues.One(user, "iss") == SystemActor.Issuer) return (null, TokenFault.Issuer);
        var mapping = new MappedClaims(user, settings.Mapping);
        if (mapping.Fault is { } unclear) return (null, unclear);
        var names = settings.Claims;
        var client = ClaimValues.One(user, names.Client) ?? "";
        var issuer = ClaimValues.One(user, "iss") ?? "";
        var party = protocol.PartyOf(issuer, client);
        if (mapping.Party is { } mapped)
        {
            if (party is not null && party.Id != mapped) return (null, TokenFault.Ambiguous);
            party = protocol.Party(mapped);
        }
        var purpose = mapping.Purpose ?? WithoutSystem(ClaimValues.One(user, names.Purpose));
        var caller = new Caller
        {
            Issuer = issuer,
            Client = client,
            Subject = ClaimValues.One(user, names.Subject) ?? client,
            Party = party?.Id,
            Role = mapping.Role ?? ClaimValues.One(user, names.Role),
            Purpose = protocol.PurposeOf(party?.Id, purpose)?.Id,
            Organization = Organization(party, Reference(user, names.Organization, "Organization/")),
            PractitionerRole = Reference(user, names.PractitionerRole, "PractitionerRole/"),
            Patient = Reference(user, names.Patient, "Patient/"),
            RelatedPerson = Reference(user, names.RelatedPerson, "RelatedPerson/"),
            Scopes = ScopeReader.Read(ClaimValues.Every(user, names.Scope)) ?? (settings.Scopes == ScopePolicy.Required ? Scopes.None : null),
            LaunchPatient = Reference(user, names.LaunchPatient, "Patient/"),
        };
        // In a token of SMART `patient` is the launch context. It says who the user is only where the user is one of the people.
        if (caller.Scopes is not null && party is not null && protocol.PartyOfPeople is { } people && people.Id != party.Id) caller = caller with { Patient = null };
        if (!ClaimValues.Every(user, names.FhirUser).Any()) return (caller, default);
        return FhirUser.Join(protocol, caller, party, ClaimValues.One(user, names.FhirUser), own) is { } joined ? (joined, default) : (null, TokenFault.User);
    }

    /// <summary>A party's caller acts as one of the party's organisations, or as none.</summary>
    private static string? Organization(Party? party, string? claimed) =>
        party is null ? claimed
        : claimed is null ? party.Organizations.FirstOrDefault()
        : party.Organizations.Contains(claimed) ? claimed : null;

    /// <summary>`http://terminology.hl7.org/CodeSystem/v3-ActReason|TREAT` → `TREAT`.</summary>
    private static string? WithoutSystem(string? purpose) => purpose?[(purpose.LastIndexOf('|') + 1)..];

    /// <summary>`x` and `Patient/x` → `Patient/x`; null for anything else.</summary>
    private static string? Reference(ClaimsPrincipal user, string names, string prefix)
    {
        if (ClaimValues.One(user, names) is not { } value) return null;
        var id = value.StartsWith(prefix, StringComparison.Ordinal) ? value[prefix.Length..] : value;
        return id.Length is > 0 and <= 64 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.') ? prefix + id : null;
    }
}

/// <summary>A caller whose token was checked, with the result of reading its claims.</summary>
public sealed class CallerPrincipal(ClaimsPrincipal checkedToken, Caller caller) : ClaimsPrincipal(checkedToken)
{
    public Caller Caller => caller;
}
