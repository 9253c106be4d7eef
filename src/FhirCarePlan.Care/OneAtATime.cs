using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Care;

/// <summary>X4: one active CPA episode per person and provider, and one active care plan in it, so that it is clear which one is in force
/// (M4). Plans that are part of another, crisis plans and agencies' own plans do not count. A plan that replaces another ends it in the
/// same transaction. A plan belongs to the episode of the party that holds it.</summary>
public sealed class OneAtATime : ICareRule
{
    public string Id => "X4";
    public IReadOnlyList<string> Reads => ["care-plan-summary"];

    public void Check(Written written, ICase around, Report report)
    {
        if (Cpa.IsActiveEpisode(written.Root)) Episode(written, around, report);
        else if (IsWholePlan(written.Root, around)) Plan(written, around, report);
    }

    private void Episode(Written written, ICase around, Report report)
    {
        var provider = Reference.Of(written.Root["managingOrganization"]).Local;
        foreach (var other in around.All(written.Person, "EpisodeOfCare"))
        {
            if (other.Id == written.Id || !Cpa.IsActiveEpisode(other.Document.Root) || Reference.Of(other.Document.Root["managingOrganization"]).Local != provider) continue;
            report.Error(IssueType.BusinessRule, written.Root["status"], Id, "The person already has an active CPA episode with this provider; only one may be active. Continue that episode, or finish it in the same transaction");
            return;
        }
    }

    private void Plan(Written written, ICase around, Report report)
    {
        foreach (var other in around.All(written.Person, "CarePlan"))
        {
            if (other.Id == written.Id || !other.IsOurs || !IsWholePlan(other.Document.Root, around)) continue;
            report.Error(IssueType.BusinessRule, written.Root["status"], Id, "The person already has an active care plan; only one may be active. Change that plan, make this one a part of it with `partOf`, or replace it: end it in the same transaction and name it in `replaces`");
            return;
        }
    }

    private static bool IsWholePlan(Node plan, ICase around) => Cpa.IsActivePlan(plan) && around.IsWhole(plan);
}
