using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Writing;

/// <summary>The author of a statement is the caller or a colleague: nobody writes in another party's name
/// (src/docs/sharing.md#what-never-changes).</summary>
public sealed class Authorship(Protocol protocol)
{
    private static readonly string[] Elements = ["author", "recorder", "requester"];

    public void Check(Write write, Node resource, IWorld world, List<Issue> issues)
    {
        foreach (var name in Elements)
            foreach (var author in resource.All(name))
                if (author.Type.Name == "Reference") Check(write.Caller, author, world, issues);
        if (resource.Type.Name == "Provenance")
            foreach (var agent in resource.All("agent")) Check(write.Caller, agent["who"], world, issues);
        if (resource.Type.Name == "Task" && write.Old?.Document.Root is { } old
            && old["requester"].TextOf("reference") != resource["requester"].TextOf("reference"))
            issues.Add(new Issue(IssueSeverity.Error, IssueType.BusinessRule, resource["requester"] is { IsMissing: false } now
                ? now.Location : resource.Location,
                "The requester of a Task never changes")
            { Key = "immutable-requester" });
    }

    private void Check(Caller caller, Node who, IWorld world, List<Issue> issues)
    {
        if (who.IsMissing || protocol.IsSoleParty || IsOurs(caller, who, world)) return;
        issues.Add(new Issue(IssueSeverity.Error, IssueType.BusinessRule, who.Location,
            "This must be you or a colleague of your party. Name others who took part in another element")
        { Key = "authorship" });
    }

    private bool IsOurs(Caller caller, Node who, IWorld world)
    {
        if (Reference.Of(who) is not ({ } type, { } id)) return who.TextOf("reference") is null && who["identifier"].IsMissing; // a display alone names nobody
        var reference = $"{type}/{id}";
        if (reference == caller.PractitionerRole || reference == caller.Patient || reference == caller.RelatedPerson
            || reference == caller.Organization) return true;
        return type switch
        {
            "Organization" => protocol.Party(caller.Party)!.Organizations.Contains(reference),
            "PractitionerRole" or "Practitioner" => world.Find(type, id)?.Holder == caller.Party,
            "Patient" or "RelatedPerson" => caller.Issuer == SystemActor.Issuer,
            _ => false,
        };
    }
}
