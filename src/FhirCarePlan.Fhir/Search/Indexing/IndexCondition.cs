using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Search.Indexing;

/// <summary>A parameter whose expression is a condition, not a path: `Patient.deceased.exists() and Patient.deceased != false`. If it
/// holds, `true` is indexed at the nodes whose existence it asks for first, so that the row has their labels. If those nodes are unknown,
/// it is indexed at the root, and only a caller who sees the whole resource sees the row.</summary>
internal sealed class IndexCondition : IIndexRule
{
    private const string Exists = ".exists()";
    private static readonly string[] Operators = [" and ", " or ", " xor ", " implies ", " = ", " != "];
    private static readonly string[] Endings = [".exists(", ".empty(", ".not(", ".all(", ".hasValue("];

    private readonly SearchParameter parameter;
    private readonly FhirPathExpression test;
    private readonly FhirPathExpression? subject;

    /// <exception cref="FhirPathException">It is not FHIRPath.</exception>
    public IndexCondition(SearchParameter parameter)
    {
        this.parameter = parameter;
        var expression = parameter.Expression;
        test = FhirPathExpression.Compile(expression);
        var at = expression.IndexOf(Exists, StringComparison.Ordinal);
        if (at > 0 && Depth(expression.AsSpan(0, at)) == 0) subject = FhirPathExpression.Compile(expression[..at]);
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
            if (test.Test(root, into.Context) != true) return;
            var nodes = new List<Node>();
            subject?.Select(root, into.Context, nodes);
            if (nodes.Count == 0) nodes.Add(root);
            foreach (var node in nodes) into.AddTrue(node);
        }
        catch (FhirPathException) { } // what cannot be evaluated on this resource is not there
    }

    private static bool StartsWithAny(ReadOnlySpan<char> text, string[] words)
    {
        foreach (var word in words)
            if (text.StartsWith(word)) return true;
        return false;
    }

    private static int Depth(ReadOnlySpan<char> text) => text.Count('(') - text.Count(')');
}
