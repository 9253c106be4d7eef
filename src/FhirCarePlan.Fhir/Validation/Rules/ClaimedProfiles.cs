using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>Checks a resource against the profiles that its `meta.profile` claims, and those that loaded guides require of its type.
/// https://hl7.org/fhir/R4/resource.html#Meta</summary>
internal static class ClaimedProfiles
{
    public static void Check(Node resource, Run run)
    {
        foreach (var canonical in run.Shapes.GlobalProfiles(resource.Type))
            if (run.Shapes.Profile(canonical, out _) is { } asked && resource.Type.Is(asked.Type.Name) && !(resource.IsRoot && run.IsAsked(canonical)))
                Walk.Profile(resource, asked, run);
        foreach (var claim in resource["meta"].All("profile"))
        {
            if (claim.Text is not { } canonical || (resource.IsRoot && run.IsAsked(canonical))) continue;
            if (Compiling.Shapes.IsBase(canonical, out var type))
            {
                if (!resource.Type.Is(type)) Mismatch(claim, canonical, type, resource, run);
            }
            else if (run.Shapes.Profile(canonical, out var problem) is { } shape)
            {
                if (resource.Type.Is(shape.Type.Name)) Walk.Profile(resource, shape, run);
                else Mismatch(claim, canonical, shape.Type.Name, resource, run);
            }
            else if (problem == Compiling.Shapes.Unknown && OwnNamespace.Holds(canonical, run))
                run.Error(IssueType.NotFound, claim, "profile", $"The profile `{canonical}` is not defined here{OwnNamespace.Suggestion(canonical, "StructureDefinition", run)}", canonical);
            else if (run.Options.UnknownProfileIsError || problem != Compiling.Shapes.Unknown)
                run.Error(IssueType.NotFound, claim, "profile", $"The profile `{canonical}` {problem}", canonical);
            else run.Warning(IssueType.NotFound, claim, "profile", $"The profile `{canonical}` {problem}", canonical);
        }
    }

    private static void Mismatch(Node claim, string canonical, string type, Node resource, Run run) =>
        run.Error(IssueType.Structure, claim, "type", $"`{canonical}` is a profile of `{type}`; the resource is a `{resource.Type.Name}`", canonical);
}
