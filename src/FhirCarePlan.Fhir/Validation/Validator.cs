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
    public void Validate(Document document, IReadOnlyList<string> profiles, Report report, ValidateOptions? options = null) =>
        Validate(document.Root, profiles, report, options);

    /// <summary>The same for a resource within another, such as the one that Parameters carry.</summary>
    /// <param name="within">Resources of its entries, each with a profile that it must meet.</param>
    public void Validate(Node root, IReadOnlyList<string> profiles, Report report, ValidateOptions? options = null,
        IReadOnlyList<(Node Resource, string Profile)>? within = null)
    {
        var run = new Run(root.Document, shapes, profiles, options ?? ValidateOptions.Default, clock);
        Walk.Base(root, run);
        foreach (var canonical in profiles) Apply(root, canonical, run);
        foreach (var (resource, canonical) in within ?? []) Apply(resource, canonical, run);
        run.Findings.HandOver(root.Document, report);
    }

    /// <summary>Why a profile cannot be asked for, as a sentence; null when it can.</summary>
    public string? ProblemWith(string canonical) =>
        shapes.Profile(canonical, out var problem) is null ? $"The profile `{canonical}` {problem}" : null;

    private void Apply(Node root, string canonical, Run run)
    {
        if (shapes.Profile(canonical, out var problem) is { } shape) Apply(root, shape, run);
        else run.Error(IssueType.NotFound, root, "profile", $"The profile `{canonical}` {problem}", canonical);
    }

    private static void Apply(Node root, Shape shape, Run run)
    {
        if (root.Type.Is(shape.Type.Name)) Walk.Profile(root, shape, run);
        else run.Error(IssueType.Structure, root, "type",
            $"`{shape.Profile}` is a profile of `{shape.Type.Name}`; the resource is a `{root.Type.Name}`", shape.Profile);
    }
}
