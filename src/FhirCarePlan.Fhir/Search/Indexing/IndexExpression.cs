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
    private readonly int anchorDepth = AnchorDepth(expression);

    public void Walk(Node root, RowWriter into)
    {
        into.Begin(parameter);
        var nodes = new List<Node>();
        try { compiled.Select(root, into.Context, nodes); }
        catch (FhirPathException) { return; } // what cannot be evaluated on this resource is not there
        foreach (var node in nodes)
        {
            into.Anchor = Ancestor(node, anchorDepth);
            into.Add(node);
        }
        into.Anchor = -1;
    }

    /// <summary>The depth of the element on which the first function works: 1 for `CareTeam.participant.where(…).member`. 0, the whole
    /// resource, when the expression does not begin with a path.</summary>
    private static int AnchorDepth(string expression)
    {
        var depth = 0;
        for (var i = 0; i < expression.Length; i++)
            if (expression[i] == '.') depth++;
            else if (expression[i] == '(') return Math.Max(depth - 1, 0);
            else if (!char.IsAsciiLetterOrDigit(expression[i])) return 0;
        return depth;
    }

    private static int Ancestor(Node node, int depth)
    {
        var above = 0;
        for (var at = node; !at.IsRoot; at = at.Parent) above++;
        for (; above > depth; above--) node = node.Parent;
        return node.Index;
    }
}
