using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Interactions;

/// <summary>Patch, and what names its resource by criteria. https://hl7.org/fhir/R4/http.html#patch,
/// https://hl7.org/fhir/R4/http.html#cond-update</summary>
public static class WriteRows
{
    private static readonly (string, string)[] criteria =
        [("identifier", "Criteria as in a search; here and in the other parameters of the type. They must match one resource at most.")];

    public static Interaction Patch { get; } = new()
    {
        Name = "patch",
        Code = "patch",
        Level = Level.Instance,
        Routes = [new("PATCH", "/{type}/{id}")],
        Body = BodyKind.Patch,
        Action = "update",
        Target = TargetNeed.Needed,
        NotOn = Table.NotOnTrail,
        Text = new("Patch", "Changes a part: JSON Patch, XML Patch, or a FHIRPath Patch as Parameters. The result is checked and stored as an update is.", "200", "Updated"),
        Perform = Interactions.Patch.Perform,
    };

    public static Interaction ConditionalUpdate { get; } = new()
    {
        Name = "update-by-criteria",
        Code = "update",
        Level = Level.Type,
        Routes = [new("PUT", "/{type}", "updateByCriteria")],
        Body = BodyKind.Resource,
        Action = "update",
        Parameters = null,
        Inputs = criteria,
        ByCriteria = true,
        NotOn = Table.NotOnTrail,
        Text = new("Update by criteria", "Updates the one resource in your view that meets the criteria, or creates one where none does. Sent twice it leaves the same.", "200", "Updated"),
        Perform = Interactions.ConditionalUpdate.Perform,
    };

    public static Interaction ConditionalPatch { get; } = new()
    {
        Name = "patch-by-criteria",
        Code = "patch",
        Level = Level.Type,
        Routes = [new("PATCH", "/{type}", "patchByCriteria")],
        Body = BodyKind.Patch,
        Action = "update",
        Parameters = null,
        Inputs = criteria,
        ByCriteria = true,
        NotOn = Table.NotOnTrail,
        Text = new("Patch by criteria", "Patches the one resource in your view that meets the criteria.", "200", "Updated"),
        Perform = Interactions.Patch.OfMatch,
    };

    public static Interaction ConditionalDelete { get; } = new()
    {
        Name = "delete-by-criteria",
        Code = "delete",
        Level = Level.Type,
        Routes = [new("DELETE", "/{type}", "deleteByCriteria")],
        Action = "delete",
        Parameters = null,
        Inputs = criteria,
        ByCriteria = true,
        NotOn = new Dictionary<string, string>(Table.NotOnTrail)
        {
            ["Consent"] = "A Consent is never deleted; withdraw it by an update to `inactive`|GET, HEAD, POST, PUT, PATCH",
        },
        Text = new("Delete by criteria", "Deletes the one resource in your view that meets the criteria. Where none does, it is done already.", "204", "Deleted", ""),
        Perform = Interactions.ConditionalDelete.Perform,
    };

    public static IReadOnlyList<Interaction> All { get; } = [Patch, ConditionalUpdate, ConditionalPatch, ConditionalDelete];
}
