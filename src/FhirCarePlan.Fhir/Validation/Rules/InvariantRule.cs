using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>A rule in FHIRPath. Only `false` violates it; empty does not. A rule that cannot be evaluated on what was sent (it asks for one
/// item and finds two) proves nothing and is reported as a warning; one that runs out of steps is refused, so that nobody escapes a rule by
/// making it expensive.
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
            Unchecked(node, problem!, run);
            return;
        }
        bool? holds;
        try
        {
            holds = expression.Test(node, isOfElement
                && node.Type.IsResource ? run.Context with { Resource = node.Parent.Resource } : run.Context);
        }
        catch (FhirPathLimitException e)
        {
            run.Error(IssueType.TooCostly, node, invariant.Key, $"{invariant.Key} could not be evaluated: {e.Message}", profile);
            return;
        }
        catch (FhirPathException e)
        {
            Unchecked(node, e.Message, run);
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

    private void Unchecked(Node node, string problem, Run run)
    {
        if (!run.Wants(IssueSeverity.Warning)) return;
        var asks = invariant.Human.Length == 0 ? $"`{invariant.Expression}`" : $"{invariant.Human} (`{invariant.Expression}`)";
        run.Warning(IssueType.NotSupported, node, invariant.Key, $"{invariant.Key} could not be evaluated: {problem}. It asks: {asks}", profile);
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
