using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Care;

/// <summary>X7: the performer of an activity is a current member of the plan's care team, a member's agency, or the owner of a Task that
/// the plan leads to (M42). The rule binds active plans whose team is on record, for activities still to be done; and teams, when a member
/// leaves who still has an activity in a plan of the same holder. Sub-plans may name helpers of their own. A HealthcareService or Device
/// cannot be a member of a team in R4 and is left alone.</summary>
public sealed class PerformedByTeam : ICareRule
{
    public string Id => "X7";
    public IReadOnlyList<string> Reads => ["care-team", "care-plan-summary"];

    public void Check(Written written, ICase around, Report report)
    {
        if (Cpa.IsActivePlan(written.Root) && around.IsWhole(written.Root)) Plan(written, around, report);
        else if (Cpa.IsActiveTeam(written.Root) && Cpa.IsActiveTeam(written.Old)) Team(written, around, report);
    }

    private void Plan(Written written, ICase around, Report report)
    {
        if (around.Find(written.Root["careTeam"]) is not { Type: "CareTeam" } team) return;
        var members = Members(team, around);
        HashSet<string>? owners = null;
        foreach (var activity in written.Root.All("activity"))
        {
            if (!Activities.IsDue(activity["detail"])) continue;
            foreach (var performer in activity["detail"].All("performer"))
            {
                if (Reference.Of(performer) is not ({ } type, { } id) || type is "HealthcareService" or "Device" || members.Contains($"{type}/{id}")) continue;
                if ((owners ??= Owners(written, around)).Contains($"{type}/{id}")) continue;
                report.Error(IssueType.BusinessRule, performer, Id, "The performer is not a current member of the care team. Add them to the team, give the activity to a member, or send them a Task based on this plan");
            }
        }
    }

    private void Team(Written written, ICase around, Report report)
    {
        var gone = Members(written.Before!, around);
        gone.ExceptWith(Members(written.Now!, around));
        if (gone.Count == 0) return;
        foreach (var plan in around.Naming(written.Reference, written.Person, "CarePlan"))
        {
            var root = plan.Document.Root;
            if (!plan.IsOurs || !Cpa.IsActivePlan(root) || !around.IsWhole(root) || Reference.Of(root["careTeam"]).Local != written.Reference) continue;
            foreach (var activity in root.All("activity"))
                foreach (var performer in activity["detail"].All("performer"))
                    if (Activities.IsDue(activity["detail"]) && Reference.Of(performer).Local is { } doer && gone.Contains(doer))
                    {
                        report.Error(IssueType.BusinessRule, written.Root, Id, "A member who leaves the team still has an activity in its care plan. Give it to another member in the same transaction");
                        return;
                    }
        }
    }

    /// <summary>The members and their agencies; the person, and the team as a whole.</summary>
    private static HashSet<string> Members(Recorded team, ICase around)
    {
        var members = new HashSet<string>(StringComparer.Ordinal) { $"CareTeam/{team.Id}" };
        if (Reference.Of(team.Document.Root["subject"]).Local is { } subject) members.Add(subject);
        foreach (var participant in Participant.Of(team.Document.Root, around.Zone))
        {
            if (!participant.IsCurrent(around.Now)) continue;
            if (participant.Member is { } member) members.Add(member);
            if (participant.Agency is { } agency) members.Add(agency);
        }
        return members;
    }

    /// <summary>Owners of Tasks that the plan's activities refer to, or that are based on the plan.</summary>
    private static HashSet<string> Owners(Written plan, ICase around)
    {
        var owners = new HashSet<string>(StringComparer.Ordinal);
        var referred = new HashSet<string?>(StringComparer.Ordinal);
        foreach (var activity in plan.Root.All("activity")) referred.Add(Reference.Of(activity["reference"]).Local);
        foreach (var task in around.All(plan.Person, "Task", null))
            if (task.Document.Root.TextOf("status") is not ("cancelled" or "rejected" or "failed" or "entered-in-error")
                && (referred.Contains($"Task/{task.Id}") || IsBasedOn(task.Document.Root, plan.Reference)) && Reference.Of(task.Document.Root["owner"]).Local is { } owner)
                owners.Add(owner);
        return owners;
    }

    private static bool IsBasedOn(Node task, string plan)
    {
        foreach (var basis in task.All("basedOn"))
            if (Reference.Of(basis).Local == plan) return true;
        return false;
    }
}
