using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>A rule in FHIRPath. Only `false` violates it; empty does not.
/// https://hl7.org/fhir/R4/conformance-rules.html#constraints</summary>
internal sealed class InvariantRule : IRule
{
    private readonly bool isOfElement;
    private readonly Invariant invariant;
    private readonly string? profile;
    private readonly Lazy<(FhirPathExpression? Expression, string? Problem)> compiled;
    private string? text;

    /// <param name="isOfElement">True for a rule stated on an element, false for one on a type or resource as a whole.</param>
    public InvariantRule(Invariant invariant, string? profile, bool isOfElement = false)
    {
        (this.invariant, this.profile, this.isOfElement) = (invariant, profile, isOfElement);
        compiled = new(Compile);
    }

    public string Key => invariant.Key;

    public void Check(Node node, Run run)
    {
        if (!invariant.IsError && !run.Wants(IssueSeverity.Warning)) return;
        var (expression, problem) = compiled.Value;
        if (expression == null)
        {
            run.Warning(IssueType.NotSupported, node, invariant.Key, $"{invariant.Key} could not be checked: {problem}", profile);
            return;
        }
        bool? holds;
        try
        {
            holds = expression.Test(node, isOfElement
                && node.Type.IsResource ? run.Context with { Resource = node.Parent.Resource } : run.Context);
        }
        catch (FhirPathException e)
        {
            run.Error(IssueType.Invariant, node, invariant.Key, $"{invariant.Key} could not be evaluated: {e.Message}", profile);
            return;
        }
        if (holds == false) Violated(node, run);
    }

    public void Violated(Node node, Run run)
    {
        if (!run.Wants(invariant.IsError ? IssueSeverity.Error : IssueSeverity.Warning)) return;
        text ??= invariant.Broken;
        if (invariant.IsError) run.Error(IssueType.Invariant, node, invariant.Key, text, profile);
        else run.Warning(IssueType.Invariant, node, invariant.Key, text, profile);
    }

    private (FhirPathExpression?, string?) Compile()
    {
        try
        {
            return (FhirPathExpression.Compile(invariant.Expression), null);
        }
        catch (FhirPathException e)
        {
            return (null, e.Message);
        }
    }
}
