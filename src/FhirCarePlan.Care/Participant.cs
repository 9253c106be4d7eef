using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Care;

/// <summary>A member of a care team, as the rules read one.</summary>
/// <param name="Member">`PractitionerRole/x`; null when there is no local reference.</param>
/// <param name="Until">Just after the membership's last day; null for an open one.</param>
internal readonly record struct Participant(Node Node, string? Member, DateTimeOffset? From, DateTimeOffset? Until)
{
    private const string Roles = "https://fhir.cpa.example/CodeSystem/CPA-TeamRole";
    public const string Coordinator = "care-coordinator";

    public static List<Participant> Of(Node team, TimeZoneInfo zone)
    {
        var participants = new List<Participant>();
        foreach (var node in team.All("participant"))
        {
            // A period that cannot be read gives no membership.
            if (!Periods.TryRead(node["period"], zone, out var from, out var until)) (from, until) = (null, DateTimeOffset.MinValue);
            participants.Add(new Participant(node, Reference.Of(node["member"]).Local, from, until));
        }
        return participants;
    }

    public bool HasRole(string code) => Cpa.Has(Node, "role", Roles, code);

    public static bool IsCoordinator(Node participant) => Cpa.Has(participant, "role", Roles, Coordinator);

    /// <summary>`agreed`, `pending`, `declined`, `cannot-as-planned`; null when nothing is said.</summary>
    public string? Agreement => Cpa.CodeOf(Cpa.Part(Cpa.Extension(Node, "ParticipationAgreement"), "status"));

    public string? Agency => Reference.Of(Cpa.Extension(Node, "Agency")["value"]).Local;

    /// <summary>Has not ended; who begins tomorrow counts, as in cpa-ct-1.</summary>
    public bool IsCurrent(DateTimeOffset now) => !(Until <= now);

    public bool WasMember(DateTimeOffset at) => !(From > at) && IsCurrent(at);

    /// <summary>Every post that is the team's current co-ordinator: one, if cpa-ct-1 holds.</summary>
    public static Participant? CoordinatorOf(Node team, DateTimeOffset now, TimeZoneInfo zone)
    {
        foreach (var participant in Of(team, zone))
            if (participant.HasRole(Coordinator) && participant.IsCurrent(now)) return participant;
        return null;
    }
}
