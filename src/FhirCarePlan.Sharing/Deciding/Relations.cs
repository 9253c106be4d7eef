namespace FhirCarePlan.Sharing;

/// <summary>The relationships as protocol files name them, and what an access level in the care team leaves of a rule.</summary>
public static class Relations
{
    public static IReadOnlyDictionary<string, long> ByName { get; } = new Dictionary<string, long>
    {
        ["none"] = 0, ["self"] = Relation.Self, ["proxy"] = Relation.Proxy, ["registered"] = Relation.Registered,
        ["referral"] = Relation.Referral,
        ["episode"] = Relation.Episode, ["enrolled"] = Relation.Enrolled, ["care-team"] = Relation.CareTeam, ["carer"] = Relation.Carer,
        ["care-team-full"] = Relation.TeamFull, ["care-team-plan"] = Relation.TeamPlan, ["care-team-crisis-only"] = Relation.TeamCrisisOnly,
        ["care-team-own-task"] = Relation.TeamOwnTask, ["referral-pending"] = Relation.ReferralPending,
        ["referral-sent"] = Relation.ReferralSent,
    };

    /// <summary>Kinds that no access level narrows.</summary>
    private const long Unlimited = ~(Relation.TeamPlan | Relation.TeamCrisisOnly | Relation.TeamOwnTask);

    private static readonly string[]
        // Names of staff come with everything else.
        ownTask = ["demographics", "contact", "directory"],
        crisisOnly = [.. ownTask, "crisis-plan", "care-team"],
        // The plan and the needs of daily life it meets; not the clinical record behind it.
        plan = [.. crisisOnly, "care-plan-summary", "care-plan-full", "accommodation", "finance-benefits", "employment-education",
            "carer-information"];

    /// <summary>The categories that an access level leaves, or null for all. Of several relationships the widest counts, because each is a
    /// reason of its own.</summary>
    /// <param name="kinds">The relationships that satisfy the rule; 0 when it asks for none.</param>
    public static IReadOnlyList<string>? Ceiling(long kinds) =>
        kinds == 0 || (kinds & Unlimited) != 0 ? null
        : (kinds & Relation.TeamPlan) != 0 ? plan
        : (kinds & Relation.TeamCrisisOnly) != 0 ? crisisOnly
        : ownTask;

    /// <summary>0 for a kind that no access level limits, up to 3 for the narrowest.</summary>
    public static int RankOf(long kind) =>
        kind switch { Relation.TeamPlan => 1, Relation.TeamCrisisOnly => 2, Relation.TeamOwnTask => 3, _ => 0 };

    /// <summary>The kind; or, if it is wider than the rank of the party that stands behind it, the membership of that rank.</summary>
    public static long Narrowed(long kind, int rank) =>
        RankOf(kind) >= rank ? kind : rank switch { 1 => Relation.TeamPlan, 2 => Relation.TeamCrisisOnly, _ => Relation.TeamOwnTask };

    /// <summary>For messages: `care-team or registered`.</summary>
    public static string Describe(long kinds)
    {
        var names = new List<string>();
        foreach (var (name, bits) in ByName)
            if (bits != 0 && (kinds & bits) == bits)
            {
                names.Add(name);
                kinds &= ~bits;
            }
        return names.Count == 0 ? "none" : string.Join(" or ", names);
    }
}
