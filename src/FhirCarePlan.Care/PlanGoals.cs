using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Care;

/// <summary>M25: the goals that an active CPA plan names are CPA goals: each says which need it answers, and so must say whose goal it is and
/// in whose words (CPA-Goal). Goals that no plan names are anybody's. It binds the plan, for goals of the writer's own party.</summary>
public sealed class PlanGoals : ICareRule
{
    public string Id => "cpa-plan-goal";
    public IReadOnlyList<string> Reads => ["care-plan-full"];

    public void Check(Written written, ICase around, Report report)
    {
        if (!Cpa.IsActivePlan(written.Root)) return;
        foreach (var reference in written.Root.All("goal"))
            if (around.Find(reference) is { Type: "Goal", IsOurs: true } goal && Cpa.Extension(goal.Document.Root, "NeedDomain").IsMissing)
                report.Error(IssueType.BusinessRule, reference, Id,
                    "The goal does not say which need it answers; give it the extension `NeedDomain`, and say in `expressedBy` whose goal it is");
    }
}
