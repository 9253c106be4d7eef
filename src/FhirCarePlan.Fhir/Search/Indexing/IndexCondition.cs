using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Search.Indexing;

/// <summary>A parameter whose expression is a condition, not a path: `Patient.deceased.exists() and Patient.deceased != false`. If it
/// holds, `true` is indexed at the nodes whose existence it asks for first, so that the row has their labels. If those nodes are unknown,
/// it is indexed at the root, and only a caller who sees the whole resource sees the row.</summary>
internal sealed class IndexCondition : IIndexRule
{
    private static readonly string[] Operators = [" and ", " or ", " xor ", " implies ", " = ", " != "];
    private static readonly string[] Endings = [".exists(", ".empty(", ".not(", ".all(", ".hasValue("];

    private readonly SearchParameter parameter;
    private readonly FhirPathExpression test;
    private readonly FhirPathExpression? subject;
    private readonly ConditionDomain? domain;

    /// <exception cref="FhirPathException">It is not FHIRPath.</exception>
    public IndexCondition(SearchParameter parameter)
    {
        this.parameter = parameter;
        test = FhirPathExpression.Compile(parameter.Expression);
        if (ConditionDomain.AskedFor(parameter.Expression) is { } asked) subject = FhirPathExpression.Compile(asked);
        domain = ConditionDomain.Of(parameter.ResourceType, parameter.Expression);
    }

    public static bool IsCondition(string expression)
    {
        int depth = 0, lastDot = 0;
        for (var i = 0; i < expression.Length; i++)
            switch (expression[i])
            {
                case '(': depth++; break;
                case ')': depth--; break;
                case '.' when depth == 0: lastDot = i; break;
                case ' ' when depth == 0 && StartsWithAny(expression.AsSpan(i), Operators): return true;
            }
        return StartsWithAny(expression.AsSpan(lastDot), Endings);
    }

    public void Walk(Node root, RowWriter into)
    {
        into.Begin(parameter);
        try
        {
            if (domain != null && !Add(domain.Nodes(root, into.Context), root, SearchParameter.Applies, into)) return;
            if (test.Test(root, into.Context) != true) return;
            var nodes = new List<Node>();
            subject?.Select(root, into.Context, nodes);
            Add(nodes, root, "true", into);
        }
        catch (FhirPathException) { } // what cannot be evaluated on this resource is not there
    }

    private static bool StartsWithAny(ReadOnlySpan<char> text, string[] words)
    {
        foreach (var word in words)
            if (text.StartsWith(word)) return true;
        return false;
    }

    private static bool Add(List<Node>? nodes, Node root, string code, RowWriter into)
    {
        if (nodes == null) return false;
        if (nodes.Count == 0) nodes.Add(root);
        foreach (var node in nodes) into.AddCondition(node, code);
        return true;
    }
}
