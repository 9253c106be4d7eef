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
            if (Shapes.IsBase(canonicals[0], out var wanted))
            {
                if (!node.Type.Is(wanted)) Refuse(node, canonicals[0], wanted, run);
            }
            else if (Known(canonicals[0], node, run) is { } only)
            {
                if (node.Type.Is(only.Type.Name)) Walk.Profile(node, only, run);
                else Refuse(node, only.Profile!, only.Type.Name, run);
            }
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

    private void Refuse(Node node, string canonical, string wanted, Run run) =>
        run.Error(IssueType.Structure, node, "type", $"`{node.Name}` has the type `{node.Type.Name}`; `{canonical}` requires `{wanted}`", profile);

    private Shape? Known(string canonical, Node node, Run run)
    {
        if (shapes.Profile(canonical, out var problem) is { } shape) return shape;
        run.Error(IssueType.NotFound, node, "profile", $"`{node.Name}` could not be checked: the profile `{canonical}` {problem}", profile);
        return null;
    }
}
