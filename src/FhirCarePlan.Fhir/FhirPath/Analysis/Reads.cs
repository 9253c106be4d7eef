using System.Collections.Frozen;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.FhirPath.Syntax;

namespace FhirCarePlan.Fhir.FhirPath.Analysis;

/// <summary>Which direct children of the focus an expression reads: elements that one rule reads together are labelled together.</summary>
internal sealed class Reads
{
    /// <summary>Functions that only ask whether an item exists, or what type it has.</summary>
    private static readonly FrozenSet<string> Shallow =
        new[] { "empty", "exists", "all", "count", "not", "is", "hasValue", "getValue", "type" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The result of a term, as far as it matters here.</summary>
    private enum Yields { Focus, Other, Unknown }

    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private bool isOpen;

    /// <summary>Null when it cannot be told.</summary>
    public static IReadOnlySet<string>? Of(Term term)
    {
        var reads = new Reads();
        // If the result is the focus itself, the caller reads it whole.
        if (reads.Visit(term, Yields.Focus) != Yields.Other) reads.isOpen = true;
        return reads.isOpen ? null : reads.names;
    }

    /// <param name="current">What `$this` is: the focus, or something further down.</param>
    private Yields Visit(Term term, Yields current)
    {
        switch (term)
        {
            case Special { Name: "this" }: return current;
            case Constant { Name: "context" }: return Yields.Focus;
            case Constant { Name: "resource" or "rootResource" }: isOpen = true; return Yields.Other;
            case Member { Input: null } first when current == Yields.Focus && IsType(first.Name): return Yields.Focus;
            case Member member: return Child(member.Input is null ? current : Visit(member.Input, current), member.Name);
            case Invocation call: return Visit(call, current);
            case Indexer indexer:
                Consume(indexer.Index, current);
                return Visit(indexer.Input, current);
            case Sign sign: return Consume(sign.Operand, current);
            case TypeTest { IsAs: true } cast: return Visit(cast.Input, current);
            case TypeTest test: Visit(test.Input, current); return Yields.Other;
            case Binary { Operator: Operator.Union } union:
                var (left, right) = (Visit(union.Left, current), Visit(union.Right, current));
                return left == right ? left : left == Yields.Focus || right == Yields.Focus ? Yields.Unknown : Yields.Other;
            case Binary { Operator: Operator.And or Operator.Or or Operator.Xor or Operator.Implies } logic:
                Visit(logic.Left, current);
                Visit(logic.Right, current);
                return Yields.Other;
            case Binary binary:
                Consume(binary.Left, current);
                return Consume(binary.Right, current);
            default: return Yields.Other;
        }
    }

    private static bool IsType(string name) => char.IsAsciiLetterUpper(name[0]) && R4.Type(name) != null;

    private Yields Child(Yields input, string name)
    {
        if (input == Yields.Unknown) isOpen = true;
        if (input == Yields.Focus) names.Add(name);
        return Yields.Other;
    }

    /// <summary>An operand whose whole content matters.</summary>
    private Yields Consume(Term term, Yields current)
    {
        if (Visit(term, current) != Yields.Other) isOpen = true;
        return Yields.Other;
    }

    private Yields Visit(Invocation call, Yields current)
    {
        var input = call.Input is null ? current : Visit(call.Input, current);
        switch (call.Name)
        {
            case "as" or "ofType" or "single" or "first" or "last" or "tail": return input;
            case "is": return Yields.Other;
            case "extension":
                Consume(call.Arguments[0], current);
                return Child(input, "extension");
            case "select": return Visit(call.Arguments[0], input);
            case "where":
                Visit(call.Arguments[0], input);
                return input;
            case "skip" or "take":
                Consume(call.Arguments[0], current);
                return input;
            case "trace": return input;
            case "iif":
                foreach (var argument in call.Arguments)
                    if (Visit(argument, input) != Yields.Other && argument != call.Arguments[0]) isOpen = true;
                return Yields.Other;
            case "resolve":
                isOpen = true;
                return Yields.Other;
        }
        if (input != Yields.Other && !Shallow.Contains(call.Name)) isOpen = true;
        var iterates = call.Name is "exists" or "all" or "repeat" or "aggregate" or "sort";
        foreach (var argument in call.Arguments)
            if (iterates) Visit(argument, input);
            else Consume(argument, current);
        return Yields.Other;
    }
}
