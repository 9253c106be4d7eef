namespace FhirCarePlan.Sharing;

/// <summary>Gate 1: is the protocol in force? Active, inside its dates, and signed by every party that signs, for exactly this file.</summary>
public static class Agreement
{
    public static bool IsInForce(Protocol protocol, DateTimeOffset now) => WhyNot(protocol, now) is null;

    /// <summary>Null when it is in force, else the reason in plain words.</summary>
    public static string? WhyNot(Protocol protocol, DateTimeOffset now) =>
        protocol.Status != ProtocolStatus.Active ? $"The sharing agreement is not active: it is {protocol.Status.ToString().ToLowerInvariant()}."
        : !protocol.Effective.Covers(now) ? "The sharing agreement is outside its dates."
        : !Signed(protocol, now) ? "The sharing agreement is not signed by every party."
        : null;

    /// <summary>A suspended party still has to sign: suspending it must not bring an agreement into force. One that left signs nothing.</summary>
    private static bool Signed(Protocol protocol, DateTimeOffset now)
    {
        foreach (var party in protocol.Parties)
            if (party.IsSignatory && party.Status != PartyStatus.Left && !IsSignedBy(party.Id, protocol, now)) return false;
        return true;
    }

    private static bool IsSignedBy(string party, Protocol protocol, DateTimeOffset now)
    {
        foreach (var signature in protocol.Signatures)
            if (signature.Party == party && signature.Hash == protocol.Hash && signature.On <= DateOnly.FromDateTime(now.UtcDateTime)) return true;
        return false;
    }
}
