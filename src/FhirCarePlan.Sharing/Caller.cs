using FhirCarePlan.Sharing.Smart;

namespace FhirCarePlan.Sharing;

/// <summary>The caller, from the token and the protocol alone. Nothing about the caller is ever read from resources.</summary>
public sealed record Caller
{
    /// <summary>The token's issuer and client, as the protocol names parties' clients.</summary>
    public required string Issuer { get; init; }
    public required string Client { get; init; }
    /// <summary>The token's subject.</summary>
    public required string Subject { get; init; }
    /// <summary>Party id of the protocol; null for an organisation that is not a party (gate 2 then denies everything).</summary>
    public string? Party { get; init; }
    public string? Role { get; init; }
    /// <summary>The one purpose stated, as the protocol's purpose id; null when none or an unknown one was stated (gate 3
    /// denies).</summary>
    public string? Purpose { get; init; }
    /// <summary>`Organization/x`, `PractitionerRole/x`, `Patient/x`, `RelatedPerson/x` the caller acts as; null where there is
    /// none.</summary>
    public string? Organization { get; init; }
    public string? PractitionerRole { get; init; }
    public string? Patient { get; init; }
    public string? RelatedPerson { get; init; }
    /// <summary>The scopes of the token, which narrow what the agreement decides. Null: the token has none, and nothing is narrowed.</summary>
    public Scopes? Scopes { get; init; }
    /// <summary>`Patient/x`: the person of the launch context, whom scopes `patient/…` are about; null for none.</summary>
    public string? LaunchPatient { get; init; }
    /// <summary>`Practitioner/x`, `Patient/x` …: the token's `fhirUser`; null when it names none.</summary>
    public string? FhirUser { get; init; }

    /// <summary>For messages, within a sentence.</summary>
    public string InRole => string.IsNullOrEmpty(Role) ? "a caller without a role" : $"the role `{Role}`";

    /// <summary>For messages: the token's purpose as far as the agreement knows it.</summary>
    public string ForPurpose => string.IsNullOrEmpty(Purpose) ? "without a purpose that the agreement knows" : $"for the purpose `{Purpose}`";
}

/// <summary>Why a party may know about a person: bits of Relationship.Kind in the store.</summary>
public static class Relation
{
    public const long Self = 1 << 0, Proxy = 1 << 1, Registered = 1 << 2, Referral = 1 << 3, Episode = 1 << 4, Enrolled = 1 << 5,
        /* membership of the care team, by access level */
        TeamFull = 1 << 6, TeamPlan = 1 << 7, TeamCrisisOnly = 1 << 8, TeamOwnTask = 1 << 9,
        Carer = 1 << 10,
        /* named as owner of a referral that waits for an answer or was accepted: towards the request and the person's Patient alone */
        ReferralPending = 1 << 11,
        /* asked for something and was answered: towards the answer alone */
        ReferralSent = 1 << 12,
        /* a referral that is past asking but not withdrawn; an answer that ended it: facts that open nothing */
        ReferralAsked = 1 << 13, ReferralClosed = 1 << 14,
        CareTeam = TeamFull | TeamPlan | TeamCrisisOnly | TeamOwnTask,
        /* a reason to work with the person, and so to bring in others */
        Working = Registered | Episode | Enrolled | CareTeam | Referral;
}
