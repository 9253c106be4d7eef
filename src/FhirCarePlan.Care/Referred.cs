using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Care;

/// <summary>The references that the rules follow from a resource: fetched for everything that is written, before the first rule
/// asks.</summary>
internal static class Referred
{
    public static IEnumerable<string?> From(Node resource) => resource.IsMissing ? [] : resource.Type.Name switch
    {
        "CarePlan" => FromPlan(resource),
        "CareTeam" => FromTeam(resource),
        "EpisodeOfCare" => [Local(resource["careManager"]), .. Local(resource, "team")],
        "Encounter" =>
            [.. Local(resource, "episodeOfCare"), Local(resource["partOf"]),
            Local(Cpa.Part(Cpa.Extension(resource, "DischargeOverride"), "author"))],
        "Task" => [Local(resource["owner"]), Local(resource["requester"])],
        _ => [],
    };

    /// <summary>Second round: who holds a post, and where.</summary>
    public static IEnumerable<string?> FromPost(Node post) => [Local(post["organization"]), Local(post["practitioner"])];

    private static IEnumerable<string?> FromPlan(Node plan)
    {
        foreach (var reference in Subjects(plan)) yield return Local(reference);
        yield return Local(Cpa.Extension(plan, "CareCoordinator")["value"]);
    }

    /// <summary>The co-ordinator's post and the carers: of the others no rule asks more than the reference.</summary>
    private static IEnumerable<string?> FromTeam(Node team)
    {
        foreach (var participant in team.All("participant"))
            if (Local(participant["member"]) is { } member
                && (member.StartsWith("RelatedPerson/", StringComparison.Ordinal) || Participant.IsCoordinator(participant)))
                yield return member;
    }

    /// <summary>A plan's references to resources that must be about the same person.</summary>
    public static IEnumerable<Node> Subjects(Node plan)
    {
        foreach (var element in (string[])["careTeam", "addresses", "goal", "supportingInfo", "partOf", "replaces", "basedOn"])
            foreach (var reference in plan.All(element)) yield return reference;
        if (Cpa.Extension(plan, "CrisisPlan")["value"] is { IsMissing: false } crisisPlan) yield return crisisPlan;
        foreach (var activity in plan.All("activity"))
        {
            foreach (var reference in activity.All("reference")) yield return reference;
            foreach (var outcome in activity.All("outcomeReference")) yield return outcome;
            foreach (var goal in activity["detail"].All("goal")) yield return goal;
            foreach (var reason in activity["detail"].All("reasonReference")) yield return reason;
        }
    }

    private static string? Local(Node reference) => Reference.Of(reference).Local;

    private static IEnumerable<string?> Local(Node resource, string element)
    {
        foreach (var reference in resource.All(element)) yield return Local(reference);
    }
}
