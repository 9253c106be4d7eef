using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Care;

/// <summary>X6: a plan does not become active while a performer has not agreed to their part: pending, declined, or not as planned (M41). A
/// reason at the activity (`detail.statusReason`) overrides that. The rule binds when a plan becomes active, and afterwards for performers
/// whom an update adds. Drafts, and people whom the team does not list, are free. A member who withdraws later does not stop the
/// plan.</summary>
public sealed class AgreedToTakePart : ICareRule
{
    public string Id => "X6";
    public IReadOnlyList<string> Reads => ["care-team"];

    public void Check(Written written, ICase around, Report report)
    {
        var plan = written.Root;
        if (!Cpa.IsActivePlan(plan) || around.Find(plan["careTeam"]) is not { Type: "CareTeam" } team) return;
        var unwilling = Unwilling(team.Document.Root, around);
        if (unwilling.Count == 0) return;
        var known = Cpa.IsActivePlan(written.Old) ? Doers(written.Old) : [];
        foreach (var activity in plan.All("activity"))
        {
            var detail = activity["detail"];
            if (!Activities.IsDue(detail) || !detail["statusReason"].IsMissing) continue;
            foreach (var performer in detail.All("performer"))
                if (Reference.Of(performer).Local is { } doer && unwilling.TryGetValue(doer, out var agreement) && !known.Contains(doer))
                    report.Error(IssueType.BusinessRule, performer, Id,
                        $"The performer has not agreed to take part as planned (`{agreement}`). Get their agreement, give the activity to "
                            + $"somebody else, or say in `detail.statusReason` why it stays");
        }
    }

    /// <summary>Current members without an entry that says `agreed`, with what their last entry says.</summary>
    private static Dictionary<string, string> Unwilling(Node team, ICase around)
    {
        var said = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var participant in Participant.Of(team, around.Zone))
        {
            if (participant.Member is not { } member || !participant.IsCurrent(around.Now) || participant.Agreement is not { } agreement)
                continue;
            if (agreement == "agreed" || said.GetValueOrDefault(member) != "agreed") said[member] = agreement;
        }
        foreach (var (member, agreement) in said)
            if (agreement == "agreed") said.Remove(member);
        return said;
    }

    private static HashSet<string> Doers(Node plan)
    {
        var doers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var activity in plan.All("activity"))
            foreach (var performer in activity["detail"].All("performer"))
                if (Activities.IsDue(activity["detail"]) && Reference.Of(performer).Local is { } doer) doers.Add(doer);
        return doers;
    }
}

/// <summary>What the rules read of a plan's activities.</summary>
internal static class Activities
{
    /// <summary>Still to be done, or being done.</summary>
    public static bool IsDue(Node detail) =>
        !detail.IsMissing && detail.TextOf("status") is not ("completed" or "cancelled" or "stopped" or "entered-in-error");
}
