using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Writing;

/// <summary>A party keeps the directory of its own people, places and services only (src/docs/sharing.md#rights). Whether the caller has
/// the right was decided before.</summary>
public sealed class DirectoryRule(Protocol protocol)
{
    public Refusal? Judge(Write write, List<Issue> issues)
    {
        if (Rights.For(write.Type) != Rights.Directory || write.New?.Root is not { } entry) return null;
        var organization = write.Type switch
        {
            "PractitionerRole" => entry["organization"],
            "Location" => entry["managingOrganization"],
            "HealthcareService" => entry["providedBy"],
            "Organization" => entry["partOf"],
            "OrganizationAffiliation" => entry["organization"],
            _ => Node.Missing,
        };
        if (Foreign(write.Caller, Reference.Of(organization).Local) || write.Type == "Organization"
            && Foreign(write.Caller, write.Reference))
            issues.Add(new Issue(IssueSeverity.Error, IssueType.BusinessRule, organization.IsMissing ? entry.Location
                : organization.Location,
                "A party may write only the directory entries of its own organizations")
            { Key = "directory-party" });
        return null;
    }

    /// <summary>True for an organization that the protocol gives to another party.</summary>
    private bool Foreign(Caller caller, string? organization) =>
        organization != null && protocol.Parties.Any(p => p.Id != caller.Party && p.Organizations.Contains(organization));
}
