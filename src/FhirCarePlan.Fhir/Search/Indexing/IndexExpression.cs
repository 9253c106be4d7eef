using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Search.Indexing;

/// <summary>Finds the nodes of a resource that a parameter speaks of, and hands them to the writer.</summary>
internal interface IIndexStep
{
    void Walk(Node root, RowWriter into);
}

/// <summary>An expression that needs the FHIRPath engine.</summary>
internal sealed class IndexExpression(string expression) : IIndexStep
{
    private readonly FhirPathExpression compiled = FhirPathExpression.Compile(expression);

    /// <summary>One step for each part of a parameter's expression, the quickest that can do it.</summary>
    /// <exception cref="FhirPathException">The expression is not FHIRPath.</exception>
    public static IIndexStep[] Compile(SearchParameter parameter)
    {
        if (parameter.IsCondition) return [new IndexCondition(parameter.Expression)];
        var parts = ParameterExpression.Parts(parameter.Expression);
        var steps = new IIndexStep[parts.Count];
        for (var i = 0; i < steps.Length; i++)
            steps[i] = IndexPath.TryCompile(parameter.ResourceType, parts[i]) ?? (IIndexStep)new IndexExpression(parts[i]);
        return steps;
    }

    public void Walk(Node root, RowWriter into)
    {
        var nodes = new List<Node>();
        try { compiled.Select(root, into.Context, nodes); }
        catch (FhirPathException) { return; } // what cannot be evaluated on this resource is not there
        foreach (var node in nodes) into.Add(node);
    }
}
