using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation.Compiling;

namespace FhirCarePlan.Fhir.Validation;

/// <summary>Checks resources against base R4 and profiles. Profiles are compiled when first asked for and shared; safe to use from
/// several threads at once. https://hl7.org/fhir/R4/validation.html</summary>
public sealed class Validator(DefinitionSet definitions, TimeProvider clock)
{
    private readonly Shapes shapes = new(definitions);

    public DefinitionSet Definitions => definitions;

    /// <summary>Adds to the report all that is wrong, in the order of the document.</summary>
    /// <param name="profiles">Canonicals the resource must meet besides base R4 and what its `meta.profile` claims.</param>
    public void Validate(Document document, IReadOnlyList<string> profiles, Report report, ValidateOptions? options = null)
    {
        var run = new Run(document, shapes, profiles, options ?? ValidateOptions.Default, clock);
        var root = document.Root;
        Walk.Base(root, run);
        foreach (var canonical in profiles)
            if (shapes.Profile(canonical, out var problem) is { } shape) Apply(root, shape, run);
            else run.Error(IssueType.NotFound, root, "profile", $"The profile `{canonical}` {problem}", canonical);
        run.Findings.HandOver(document, report);
    }

    private static void Apply(Node root, Shape shape, Run run)
    {
        if (root.Type.Is(shape.Type.Name)) Walk.Profile(root, shape, run);
        else run.Error(IssueType.Structure, root, "type", $"`{shape.Profile}` is a profile of `{shape.Type.Name}`, found `{root.Type.Name}`", shape.Profile);
    }
}
