using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Care;

/// <summary>X2: the co-ordinator is a qualified professional employed by health or social services (M34). The rule binds active teams,
/// episodes and plans as soon as the post is on record; it looks at organization and practitioner if they are.</summary>
public sealed class QualifiedCoordinator : ICareRule
{
    private const string AgencyType = "https://fhir.cpa.example/CodeSystem/CPA-AgencyType";
    private static readonly string[] Statutory = ["nhs-mental-health-provider", "nhs-community", "local-authority-social-services"];

    public string Id => "X2";
    public IReadOnlyList<string> Reads => ["directory"];

    public void Check(Written written, ICase around, Report report)
    {
        var named = written.Type switch
        {
            "CareTeam" when Cpa.IsActiveTeam(written.Root)
                && Participant.CoordinatorOf(written.Root, around.Now, around.Zone) is { } coordinator => coordinator.Node["member"],
            "EpisodeOfCare" when Cpa.IsActiveEpisode(written.Root) => written.Root["careManager"],
            "CarePlan" when Cpa.IsActivePlan(written.Root) => Cpa.Extension(written.Root, "CareCoordinator")["value"],
            _ => Node.Missing,
        };
        if (named.IsMissing || around.Find(named) is not { Type: "PractitionerRole" } known) return;
        var post = known.Document.Root;
        around.Fetch(Referred.FromPost(post));
        if (around.Find(post["organization"]) is { } employer && !IsStatutory(employer.Document.Root))
            report.Error(IssueType.BusinessRule, named, Id,
                $"A co-ordinator must work for health or social services (agency type "
                    + $"{string.Join(", ", Statutory.Select(t => $"`{t}`"))}). Name somebody who does, and keep this person in the team "
                    + $"in another role");
        if (post["practitioner"].IsMissing)
            report.Error(IssueType.BusinessRule, named, Id,
                "The co-ordinator's post does not say who holds it. Add `PractitionerRole.practitioner`");
        else if (around.Find(post["practitioner"]) is { } holder && holder.Document.Root["qualification"].IsMissing)
            report.Error(IssueType.BusinessRule, named, Id,
                "A co-ordinator must be a qualified professional, and no qualification is on record. Add it to the Practitioner, or name "
                + "somebody else");
    }

    private static bool IsStatutory(Node organization)
    {
        foreach (var code in Statutory)
            if (Cpa.Has(organization, "type", AgencyType, code)) return true;
        return false;
    }
}
