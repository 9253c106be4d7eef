using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Search.Indexing;

/// <summary>Finds the nodes of a resource that a parameter speaks of, and hands them to the writer.</summary>
internal interface IIndexRule
{
    void Walk(Node root, RowWriter into);
}

/// <summary>An expression that needs the FHIRPath engine.</summary>
/// <exception cref="FhirPathException">It is not FHIRPath.</exception>
internal sealed class IndexExpression(SearchParameter parameter, string expression) : IIndexRule
{
    private readonly FhirPathExpression compiled = FhirPathExpression.Compile(expression);

    public void Walk(Node root, RowWriter into)
    {
        into.Begin(parameter);
        var nodes = new List<Node>();
        try { compiled.Select(root, into.Context, nodes); }
        catch (FhirPathException) { return; } // what cannot be evaluated on this resource is not there
        foreach (var node in nodes) into.Add(node);
    }
}
