using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server.Authentication;

/// <summary>Until the protocol answers these itself.</summary>
internal static class ProtocolLookup
{
    public static Party? PartyOf(this Protocol protocol, string issuer, string client) =>
        protocol.Parties.FirstOrDefault(p => p.Clients.Any(c => c.Issuer == issuer && c.Id == client));

    public static Purpose? PurposeOf(this Protocol protocol, string? party, string? codeOrId)
    {
        if (party is null || codeOrId is null) return null;
        var theirs = protocol.Purposes.Where(p => p.Parties.Contains(party)).ToList();
        return theirs.FirstOrDefault(p => p.Id == codeOrId) ?? (theirs.Where(p => p.Code == codeOrId).ToList() is [var only] ? only : null);
    }
}
