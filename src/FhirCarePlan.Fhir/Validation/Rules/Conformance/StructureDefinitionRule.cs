using FhirCarePlan.Fhir.Definitions.Profiles;
using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules.Conformance;

/// <summary>A profile speaks of elements that its base has, allows no more than its base, and its rules can be read.
/// https://hl7.org/fhir/R4/profiling.html#limitations</summary>
internal sealed class StructureDefinitionRule : IRule
{
    private const string Key = "structure-definition";

    public void Check(Node node, Run run)
    {
        foreach (var element in node["differential"].All("element"))
            foreach (var constraint in element.All("constraint"))
                Expressions.Check(constraint["expression"], run);
        if (node.TextOf("derivation") != "constraint" || node["differential"].IsMissing) return;
        var definition = StructureDefinition.Read(node);
        if (definition.Base is not { } canonical || (BaseSnapshot.TypeOf(canonical) == null && run.Definitions.Snapshot(canonical) == null))
        {
            run.Warning(IssueType.NotFound, node["baseDefinition"], Key, "The profile could not be checked: its base is not known here");
            return;
        }
        var problems = new Report();
        new SnapshotGenerator(definition, other => run.Definitions.Snapshot(other), problems).Generate();
        foreach (var problem in problems.Issues) run.Error(IssueType.Invalid, node, Key, problem.Text);
    }
}

/// <summary>A search parameter's expression must be readable.
/// https://hl7.org/fhir/R4/searchparameter-definitions.html#SearchParameter.expression</summary>
internal sealed class SearchParameterRule : IRule
{
    public void Check(Node node, Run run) => Expressions.Check(node["expression"], run);
}

internal static class Expressions
{
    public static void Check(Node expression, Run run)
    {
        if (expression.Text is not { } text) return;
        try
        {
            FhirPathExpression.Compile(text);
        }
        catch (FhirPathException e)
        {
            run.Error(IssueType.Invalid, expression, "fhirpath", $"The expression cannot be read: {e.Message}");
        }
    }
}
