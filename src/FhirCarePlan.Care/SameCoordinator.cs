using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Care;

/// <summary>X1: episode, care team and care plan name the same co-ordinator, because "who is it?" must have one answer (M15, M33). The rule
/// binds active ones as soon as there are two of them, so that a case can be built up one by one; a later hand-over changes all in one
/// transaction. An active plan does not outlive its team. For another party's resource it is a warning.</summary>
public sealed class SameCoordinator : ICareRule
{
    public string Id => "X1";
    public IReadOnlyList<string> Reads => ["care-plan-summary", "care-team"];

    public void Check(Written written, ICase around, Report report)
    {
        switch (written.Type)
        {
            case "CareTeam": Team(written, around, report); break;
            case "EpisodeOfCare" when Cpa.IsActiveEpisode(written.Root): Episode(written, around, report); break;
            case "CarePlan" when Cpa.IsActivePlan(written.Root): Plan(written, around, report); break;
        }
    }

    private void Team(Written written, ICase around, Report report)
    {
        if (!Cpa.IsTeam(written.Root.IsMissing ? written.Old : written.Root)) return;
        var coordinator = Cpa.IsActiveTeam(written.Root) ? Participant.CoordinatorOf(written.Root, around.Now, around.Zone) : null;
        foreach (var plan in around.Naming(written.Reference, written.Person, "CarePlan"))
        {
            if (!Cpa.IsActivePlan(plan.Document.Root) || Reference.Of(plan.Document.Root["careTeam"]).Local != written.Reference) continue;
            if (!Cpa.IsActive(written.Root))
                Say(report, plan.IsOurs, written.Root,
                    "This team carries out an active care plan and would no longer be active. End the plan, or give it another team, in "
                    + "the same transaction");
            else Compare(report, plan.IsOurs, coordinator?.Node ?? written.Root, coordinator?.Member, CoordinatorOf(plan.Document.Root));
        }
        if (!Cpa.IsActive(written.Root)) return;
        foreach (var episode in around.All(written.Person, "EpisodeOfCare"))
            if (Cpa.IsActiveEpisode(episode.Document.Root) && BelongsTo(episode.Document.Root, written.Reference, written.Root))
                Compare(report, episode.IsOurs, coordinator?.Node ?? written.Root, coordinator?.Member, Manager(episode.Document.Root));
    }

    private void Episode(Written written, ICase around, Report report)
    {
        foreach (var team in around.All(written.Person, "CareTeam"))
            if (Cpa.IsActiveTeam(team.Document.Root) && BelongsTo(written.Root, $"CareTeam/{team.Id}", team.Document.Root))
                Compare(report, true, written.Root["careManager"], Manager(written.Root),
                    Participant.CoordinatorOf(team.Document.Root, around.Now, around.Zone)?.Member);
    }

    private void Plan(Written written, ICase around, Report report)
    {
        if (around.Find(written.Root["careTeam"]) is not { } team || team.Type != "CareTeam") return;
        if (!Cpa.IsActive(team.Document.Root))
            report.Error(IssueType.BusinessRule, written.Root["careTeam"], Id,
                $"An active care plan needs an active care team; this team's status is `{team.Document.Root.TextOf("status")}`. Make the "
                + $"team active first, or name another");
        else
            Compare(report, true, Cpa.Extension(written.Root, "CareCoordinator"), CoordinatorOf(written.Root),
                Participant.CoordinatorOf(team.Document.Root, around.Now, around.Zone)?.Member);
    }

    /// <summary>An episode names its team; where it names none, the team that the same organization manages.</summary>
    private static bool BelongsTo(Node episode, string team, Node teamRoot)
    {
        if (episode["team"].IsMissing)
            return Reference.Of(episode["managingOrganization"]).Local is { } manager
                && manager == Reference.Of(teamRoot["managingOrganization"]).Local;
        foreach (var named in episode.All("team"))
            if (Reference.Of(named).Local == team) return true;
        return false;
    }

    private static string? Manager(Node episode) => Reference.Of(episode["careManager"]).Local;
    private static string? CoordinatorOf(Node plan) => Reference.Of(Cpa.Extension(plan, "CareCoordinator")["value"]).Local;

    private void Compare(Report report, bool isOurs, Node at, string? here, string? there)
    {
        // The profiles require a co-ordinator to be named at all (cpa-cp-1, cpa-ct-1, cpa-ep-3).
        if (here is null || there is null || here == there) return;
        Say(report, isOurs, at,
            "The person's episode, care team and care plan name different co-ordinators. Name the same post in all three, in one "
            + "transaction");
    }

    private void Say(Report report, bool isOurs, Node at, string text)
    {
        if (isOurs) report.Error(IssueType.BusinessRule, at, Id, text);
        else report.Warning(IssueType.BusinessRule, at, Id, $"{text}. Another party holds one of them: ask it to change it too");
    }
}
