using System.Globalization;

namespace FhirCarePlan.Sharing;

public enum AgreementState { InForce, NotActive, NotYet, Ended, Changed, Unsigned, SignedLater }

/// <summary>Whether an agreement is in force, and if not, why, in plain words: dates and names of parties, nothing about people.</summary>
public sealed record AgreementStatus(AgreementState State, string Plain)
{
    public bool IsInForce => State == AgreementState.InForce;
}

/// <summary>Gate 1: is the protocol in force? Active, inside its dates, and signed by every party that signs, for exactly this file.</summary>
public static class Agreement
{
    private static readonly AgreementStatus Held = new(AgreementState.InForce, "The sharing agreement is in force.");

    public static bool IsInForce(Protocol protocol, DateTimeOffset now) => Status(protocol, now).IsInForce;

    /// <summary>Null when it is in force, else the reason in plain words.</summary>
    public static string? WhyNot(Protocol protocol, DateTimeOffset now) =>
        Status(protocol, now) is { IsInForce: false } status ? status.Plain : null;

    public static AgreementStatus Status(Protocol protocol, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        if (protocol.Status != ProtocolStatus.Active)
            return new(AgreementState.NotActive, $"The sharing agreement is not active: its status is {protocol.Status.ToString().ToLowerInvariant()}.");
        if (today < protocol.Effective.From)
            return new(AgreementState.NotYet, $"The sharing agreement does not begin before {Day(protocol.Effective.From)}.");
        if (today > protocol.Effective.To)
            return new(AgreementState.Ended, $"The sharing agreement ended on {Day(protocol.Effective.To)}.");
        return Unsigned(protocol, today) ?? Held;
    }

    /// <summary>Null when every signatory has signed this text. A suspended party still has to sign: suspending it must not bring an agreement
    /// into force. One that left signs nothing.</summary>
    private static AgreementStatus? Unsigned(Protocol protocol, DateOnly today)
    {
        var state = AgreementState.InForce;
        List<string>? lacking = null;
        foreach (var party in protocol.Parties)
        {
            if (!party.IsSignatory || party.Status == PartyStatus.Left || Lacks(party.Id, protocol, today) is not var (why, words)) continue;
            // The gravest of them names the whole: a changed text first.
            if (state == AgreementState.InForce || why < state) state = why;
            (lacking ??= []).Add($"{party.Name} {words}");
        }
        return lacking is null ? null : new(state, $"The sharing agreement is not signed by every party: {string.Join("; ", lacking)}.");
    }

    private static (AgreementState State, string Words)? Lacks(string party, Protocol protocol, DateOnly today)
    {
        DateOnly? later = null;
        var hasOther = false;
        foreach (var signature in protocol.Signatures)
            if (signature.Party != party) continue;
            else if (signature.Hash != protocol.Hash) hasOther = true;
            else if (signature.On <= today) return null;
            else later = later < signature.On ? later : signature.On;
        return later is { } day ? (AgreementState.SignedLater, $"has dated its signature {Day(day)}, which is still to come")
            : hasOther ? (AgreementState.Changed, "signed another text, so the agreement was changed after that")
            : (AgreementState.Unsigned, "has not signed");
    }

    private static string Day(DateOnly day) => day == DateOnly.MaxValue ? "on no day" : day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}
