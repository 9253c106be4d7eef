using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Search.Indexing;

/// <summary>The resources that a condition is asked of: `Type.where(test)` at its head. Of a crisis plan nobody asks whether it has a crisis
/// plan, so `=false` must not find it.</summary>
internal sealed class ConditionDomain
{
    private const string Exists = ".exists()";

    private readonly FhirPathExpression test;
    private readonly FhirPathExpression? asked;

    private ConditionDomain(string type, string test)
    {
        this.test = FhirPathExpression.Compile($"{type}.where({test}).exists()");
        if (AskedFor(test) is { } path) asked = FhirPathExpression.Compile($"{type}.{path}");
    }

    /// <summary>Null when the condition is asked of every resource of the type.</summary>
    /// <exception cref="FhirPathException">It is not FHIRPath.</exception>
    public static ConditionDomain? Of(string type, string expression)
    {
        var head = $"{type}.where(";
        if (!expression.StartsWith(head, StringComparison.Ordinal)) return null;
        var end = Closing(expression, head.Length);
        // `Type.where(test).exists()` as a whole is a condition on every resource.
        if (end < 0 || end == expression.Length || expression.AsSpan(end).StartsWith(Exists)) return null;
        return new(type, expression[head.Length..(end - 1)]);
    }

    /// <summary>Where the test looks, so that a row is labelled as that is; empty when that cannot be told. Null when it does not apply.</summary>
    public List<Node>? Nodes(Node root, FhirPathContext context)
    {
        if (test.Test(root, context) != true) return null;
        var nodes = new List<Node>();
        asked?.Select(root, context, nodes);
        return nodes;
    }

    /// <summary>The path whose existence a condition asks for first, outside of parentheses; null when there is none.</summary>
    public static string? AskedFor(string expression)
    {
        var depth = 0;
        for (var i = 0; i < expression.Length; i++)
            if (expression[i] == '\'') i = AfterQuote(expression, i);
            else if (expression[i] == '(') depth++;
            else if (expression[i] == ')') depth--;
            else if (i > 0 && depth == 0 && expression.AsSpan(i).StartsWith(Exists)) return expression[..i];
        return null;
    }

    /// <summary>One past the parenthesis that closes the one before `start`; -1 when none does.</summary>
    private static int Closing(string expression, int start)
    {
        var depth = 1;
        for (var i = start; i < expression.Length; i++)
            if (expression[i] == '\'') i = AfterQuote(expression, i);
            else if (expression[i] == '(') depth++;
            else if (expression[i] == ')' && --depth == 0) return i + 1;
        return -1;
    }

    private static int AfterQuote(string expression, int quote)
    {
        for (var i = quote + 1; i < expression.Length; i++)
            if (expression[i] == '\\') i++;
            else if (expression[i] == '\'') return i;
        return expression.Length;
    }
}
