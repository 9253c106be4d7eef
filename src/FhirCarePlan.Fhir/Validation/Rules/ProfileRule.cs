using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation.Compiling;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>A value of one type must meet a profile, or one of several.
/// https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type.profile</summary>
internal sealed class ProfileRule(string type, string[] canonicals, string profile, Shapes shapes) : IRule
{
    public void Check(Node node, Run run)
    {
        if (!node.Type.Is(type)) return;
        if (canonicals.Length == 1)
        {
            if (Known(canonicals[0], node, run) is not { } only) return;
            if (node.Type.Is(only.Type.Name)) Walk.Profile(node, only, run);
            else run.Error(IssueType.Structure, node, "type",
                $"`{node.Name}` has the type `{node.Type.Name}`; `{only.Profile}` requires `{only.Type.Name}`", profile);
            return;
        }
        var allKnown = true;
        foreach (var canonical in canonicals)
        {
            if (Shapes.IsBase(canonical, out var plain))
            {
                if (node.Type.Is(plain)) return;
            }
            else if (Known(canonical, node, run) is not { } shape) allKnown = false;
            else if (node.Type.Is(shape.Type.Name) && run.Matches(node, shape)) return;
        }
        if (allKnown)
            run.Error(IssueType.Structure, node, "profile",
            $"`{node.Name}` meets none of {string.Join(", ", canonicals.Select(c => $"`{c}`"))}", profile);
    }

    private Shape? Known(string canonical, Node node, Run run)
    {
        if (Shapes.IsBase(canonical, out _)) return null;
        if (shapes.Profile(canonical, out var problem) is { } shape) return shape;
        run.Error(IssueType.NotFound, node, "profile", $"`{node.Name}` could not be checked: the profile `{canonical}` {problem}", profile);
        return null;
    }
}
