using System.Security.Claims;
using FhirCarePlan.Server.Settings;
using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server.Authentication;

/// <summary>A token's claims as a Caller, by the mapping of the configuration and the protocol. A doubtful claim (two roles, two purposes,
/// a malformed reference) counts as absent, and the gates then deny.</summary>
public sealed class CallerReader(Protocol protocol, AuthenticationSettings settings)
{
    /// <summary>Null for an unauthenticated user.</summary>
    public Caller? Read(ClaimsPrincipal user) => user switch
    {
        CallerPrincipal known => known.Caller,
        // The service's own actors never come by token.
        { Identity.IsAuthenticated: true } when One(user, "iss") != SystemActor.Issuer => Map(user),
        _ => null,
    };

    private Caller Map(ClaimsPrincipal user)
    {
        var names = settings.Claims;
        var client = One(user, names.Client) ?? "";
        var issuer = One(user, "iss") ?? "";
        var party = protocol.PartyOf(issuer, client);
        return new Caller
        {
            Issuer = issuer,
            Client = client,
            Subject = One(user, names.Subject) ?? client,
            Party = party?.Id,
            Role = One(user, names.Role),
            Purpose = protocol.PurposeOf(party?.Id, WithoutSystem(One(user, names.Purpose)))?.Id,
            Organization = Organization(party, Reference(user, names.Organization, "Organization/")),
            PractitionerRole = Reference(user, names.PractitionerRole, "PractitionerRole/"),
            Patient = Reference(user, names.Patient, "Patient/"),
            RelatedPerson = Reference(user, names.RelatedPerson, "RelatedPerson/"),
        };
    }

    /// <summary>A party's caller acts as one of the party's organisations, or as none.</summary>
    private static string? Organization(Party? party, string? claimed) =>
        party is null ? claimed
        : claimed is null ? party.Organizations.FirstOrDefault()
        : party.Organizations.Contains(claimed) ? claimed : null;

    /// <summary>The only value of the first claim that is there; null when it has several.</summary>
    private static string? One(ClaimsPrincipal user, string names)
    {
        foreach (var name in names.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string? only = null;
            foreach (var claim in user.FindAll(name))
                if (only is not null) return null;
                else only = claim.Value;
            if (only is not null) return only.Length == 0 ? null : only;
        }
        return null;
    }

    /// <summary>`http://terminology.hl7.org/CodeSystem/v3-ActReason|TREAT` → `TREAT`.</summary>
    private static string? WithoutSystem(string? purpose) => purpose?[(purpose.LastIndexOf('|') + 1)..];

    /// <summary>`x` and `Patient/x` → `Patient/x`; null for anything else.</summary>
    private static string? Reference(ClaimsPrincipal user, string names, string prefix)
    {
        if (One(user, names) is not { } value) return null;
        var id = value.StartsWith(prefix, StringComparison.Ordinal) ? value[prefix.Length..] : value;
        return id.Length is > 0 and <= 64 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.') ? prefix + id : null;
    }
}

/// <summary>A caller whose token was checked, with the result of reading its claims.</summary>
public sealed class CallerPrincipal(ClaimsPrincipal checkedToken, Caller caller) : ClaimsPrincipal(checkedToken)
{
    public Caller Caller => caller;
}
