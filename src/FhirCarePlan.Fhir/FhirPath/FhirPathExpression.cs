using System.Collections.Concurrent;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.FhirPath.Analysis;
using FhirCarePlan.Fhir.FhirPath.Syntax;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.FhirPath;

/// <summary>A FHIRPath expression, compiled once into delegates and safe to share. http://hl7.org/fhirpath/N1/</summary>
public sealed class FhirPathExpression
{
    private const int MostCached = 4000, LongestCached = 4000, Longest = 20_000;
    private static readonly ConcurrentDictionary<string, FhirPathExpression> Cache = new(StringComparer.Ordinal);

    private readonly Term term;
    private readonly Code code;
    private readonly Lazy<IReadOnlySet<string>?> reads;

    private FhirPathExpression(string text)
    {
        Text = text;
        term = Parser.Parse(text);
        code = Compiler.Compile(term);
        reads = new(() => Reads.Of(term));
    }

    /// <summary>Compiles the text, or returns the remembered result. The memory is bounded: it starts empty again when expressions from
    /// outside fill it.</summary>
    /// <exception cref="FhirPathException">The text is not FHIRPath; the message says where.</exception>
    public static FhirPathExpression Compile(string text)
    {
        if (Cache.TryGetValue(text, out var known)) return known;
        if (text.Length > Longest)
            throw new FhirPathException($"The expression has {text.Length} characters; it must have at most {Longest}");
        var expression = new FhirPathExpression(text);
        if (text.Length > LongestCached) return expression;
        if (Cache.Count >= MostCached) Cache.Clear();
        return Cache.GetOrAdd(text, expression);
    }

    public string Text { get; }

    /// <summary>The direct children of the focus that the result depends on; null when that is unknown (`%resource`,
    /// `descendants()`).</summary>
    public IReadOnlySet<string>? ReadsOf => reads.Value;

    /// <summary>The reason why a strict engine would refuse the expression on elements of a type (an unknown element, a function that needs
    /// an order on a collection without one); null when there is none.</summary>
    public string? ProblemOn(TypeInfo type) => Typing.Problem(term, type);

    /// <summary>True, false, or null when the result is empty. A collection with one item that is not a boolean is true.</summary>
    /// <exception cref="FhirPathException">It cannot be evaluated on this input.</exception>
    public bool? Test(Node focus, FhirPathContext context)
    {
        var evaluation = Evaluation.Begin(focus, context);
        try
        {
            return code.Test(evaluation) switch { Truth.True => true, Truth.False => false, _ => null };
        }
        finally
        {
            evaluation.End();
        }
    }

    /// <summary>Adds those nodes of the result that belong to the tree, in order; computed values are left out.</summary>
    /// <exception cref="FhirPathException">It cannot be evaluated on this input.</exception>
    public void Select(Node focus, FhirPathContext context, List<Node> into)
    {
        var evaluation = Evaluation.Begin(focus, context);
        try
        {
            code.Run(evaluation);
            foreach (ref readonly var item in evaluation.From(0))
                if (item.IsNode) into.Add(item.Node);
        }
        finally
        {
            evaluation.End();
        }
    }

    /// <summary>The whole result, computed values included. A Missing focus is an empty one.</summary>
    /// <exception cref="FhirPathException">It cannot be evaluated on this input.</exception>
    public IReadOnlyList<Item> Evaluate(Node focus, FhirPathContext context)
    {
        var evaluation = Evaluation.Begin(focus, context);
        try
        {
            code.Run(evaluation);
            return evaluation.From(0).ToArray();
        }
        finally
        {
            evaluation.End();
        }
    }

    public override string ToString() => Text;
}
