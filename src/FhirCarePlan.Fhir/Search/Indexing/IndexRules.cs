using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Search.Indexing;

/// <summary>All that is to be found in resources of one type: simple paths in one tree, and what needs the engine one by one.</summary>
internal sealed class IndexRules
{
    private readonly IndexTree tree = new();
    private readonly List<IIndexRule> rest = [];

    /// <exception cref="FhirPathException">An expression is not FHIRPath.</exception>
    public IndexRules(IEnumerable<SearchParameter> parameters)
    {
        foreach (var parameter in parameters)
            if (parameter.IsCondition) rest.Add(new IndexCondition(parameter));
            else if (parameter.Pair is { } pair)
                foreach (var part in ParameterExpression.Parts(parameter.Expression)) rest.Add(new IndexPair(parameter, pair, part));
            else foreach (var part in ParameterExpression.Parts(parameter.Expression))
                if (IndexPath.TryCompile(parameter.ResourceType, part) is { } path) tree.Add(parameter, path);
                else rest.Add(new IndexExpression(parameter, part));
    }

    public void Walk(Node root, RowWriter into)
    {
        tree.Walk(root, into);
        foreach (var rule in rest) rule.Walk(root, into);
    }
}
