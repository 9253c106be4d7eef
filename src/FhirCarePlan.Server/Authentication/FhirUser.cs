using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Authentication;

/// <summary>SMART's claim `fhirUser`, the resource of the person who uses the client. It must agree with the party of the client, and with the
/// other claims; else the token is refused. https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html#scopes-for-requesting-identity-data</summary>
public static class FhirUser
{
    /// <summary>The caller with what the claim adds; null when it contradicts the party or another claim.</summary>
    /// <param name="claim">Null when it has several values.</param>
    internal static Caller? Join(Protocol protocol, Caller caller, Party? party, string? claim, BaseAddresses? own)
    {
        if (claim is null || Reference.Parse(claim, own) is not { IsLocal: true, Local: { } user } reference) return null;
        caller = caller with { FhirUser = user };
        // A client that belongs to no party sees nothing. Its `fhirUser` changes nothing about that.
        if (party is null) return caller with { Patient = null, RelatedPerson = null, PractitionerRole = null };
        return reference.Type switch
        {
            "Patient" when Is(protocol.PartyOfPeople, party) => caller with { Patient = user, RelatedPerson = null },
            "RelatedPerson" when (Is(protocol.PartyOfCarers, party) || Is(protocol.PartyOfPeople, party)) && Agrees(caller.RelatedPerson, user) =>
                caller with { Patient = null, RelatedPerson = user },
            "PractitionerRole" when IsStaff(protocol, party) && Agrees(caller.PractitionerRole, user) =>
                caller with { Patient = null, RelatedPerson = null, PractitionerRole = user },
            "Practitioner" when IsStaff(protocol, party) => caller with { Patient = null, RelatedPerson = null },
            _ => null,
        };
    }

    /// <summary>A practitioner or a post must be one that the caller's party keeps in its directory. One that is not here cannot be told, and
    /// so does not agree.</summary>
    public static bool IsOfParty(Caller caller, Protocol protocol, IStore store)
    {
        if (caller is not { FhirUser: { } user, Party: { } party } || !Reference.TryKey(user, out var type, out var id)
            || type is not ("Practitioner" or "PractitionerRole")) return true;
        using var snapshot = store.Read();
        if (snapshot.Find(type, id.ToString()) is not { IsDeleted: false } kept || kept.Holder != party) return false;
        if (type == "Practitioner") return true;
        using var post = FhirCarePlan.Fhir.Formats.JsonParser.Parse(kept.Body, new Report());
        return post is not null && protocol.PartyOfOrganization(Reference.Of(post.Root["organization"]).Local)?.Id == party;
    }

    /// <summary>An agreement without such a party leaves it to its rules.</summary>
    private static bool Is(Party? expected, Party party) => expected is null || expected.Id == party.Id;

    private static bool IsStaff(Protocol protocol, Party party) =>
        protocol.IsSoleParty || party.Id != protocol.PartyOfPeople?.Id && party.Id != protocol.PartyOfCarers?.Id;

    private static bool Agrees(string? other, string user) => other is null || other == user;
}
