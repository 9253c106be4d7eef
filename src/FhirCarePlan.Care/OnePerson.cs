using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Care;

/// <summary>X3: a plan and everything it refers to are about the same person: its team, its needs, its goals, the consents and assessments
/// behind it, its crisis plan. One person's record must never be mixed into another's. The rule binds plans of every status, drafts too; it
/// leaves references alone that lead to nothing (yet). Two Patient records of one person are one person.</summary>
public sealed class OnePerson : ICareRule
{
    /// <summary>A plan that is all wrong is not told so a thousand times.</summary>
    private const int Most = 10;

    public string Id => "X3";
    public IReadOnlyList<string> Reads =>
        ["care-team", "care-plan-full", "care-plan-summary", "crisis-plan", "diagnosis", "substance-misuse", "consent", "assessment-detail",
        "risk"];

    public void Check(Written written, ICase around, Report report)
    {
        if (written.Type != "CarePlan" || written.Person is not { } person || written.Root.IsMissing) return;
        var found = 0;
        foreach (var reference in Referred.Subjects(written.Root))
        {
            if (!around.IsAboutAnother(reference, person)) continue;
            report.Error(IssueType.BusinessRule, reference, Id,
                "This is about another person than the plan. Refer to this person's own record, or correct the plan's subject");
            if (++found == Most) return;
        }
    }
}
