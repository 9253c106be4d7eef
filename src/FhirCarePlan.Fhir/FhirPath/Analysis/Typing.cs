using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.FhirPath.Syntax;

namespace FhirCarePlan.Fhir.FhirPath.Analysis;

/// <summary>Checks paths against the definitions. An invariant with a misspelt element would never fail, and nobody would notice. Where
/// types cannot be followed (`%resource`, `resolve()`) every path passes.
/// http://hl7.org/fhirpath/N1/#type-safety-and-strict-evaluation</summary>
internal sealed class Typing
{
    /// <summary>The types a term may yield. Types null: any.</summary>
    private sealed record Flow(IReadOnlyList<TypeInfo>? Types, bool IsOrdered = true)
    {
        public static Flow Any { get; } = new((IReadOnlyList<TypeInfo>?)null);
    }

    private readonly Flow focus;
    private string? problem;

    private Typing(TypeInfo focus) => this.focus = new Flow([focus]);

    public static string? Problem(Term term, TypeInfo focus)
    {
        var typing = new Typing(focus);
        typing.Visit(term, typing.focus);
        return typing.problem;
    }

    private Flow Visit(Term term, Flow current)
    {
        switch (term)
        {
            case Special { Name: "this" }: return current;
            case Constant { Name: "context" }: return focus;
            case Member { Input: null } first when IsType(first.Name, out var type):
                if (current.Types is { } types && !types.Any(t => t.Is(first.Name)))
                    problem ??= $"`{first.Name}` is neither an element nor the type of `{Names(types)}`";
                return new Flow([type]);
            case Member member: return Child(member.Input is null ? current : Visit(member.Input, current), member.Name);
            case Indexer indexer:
                Visit(indexer.Index, current);
                return Visit(indexer.Input, current);
            case Sign sign: return Visit(sign.Operand, current);
            case TypeTest test:
                var tested = Visit(test.Input, current);
                return test.IsAs ? Cast(tested, test.Type) : Flow.Any;
            case Binary binary:
                var (left, right) = (Visit(binary.Left, current), Visit(binary.Right, current));
                return binary.Operator == Operator.Union ? Either(left, right) : Flow.Any;
            case Invocation call: return Visit(call, current);
            default: return Flow.Any;
        }
    }

    private Flow Visit(Invocation call, Flow current)
    {
        var input = call.Input is null ? current : Visit(call.Input, current);
        switch (call.Name)
        {
            case "is" or "as" or "ofType":
                return call.Name == "is" ? Flow.Any : Cast(input, call.Arguments[0] is Member name ? name.Name : "");
            case "children" or "descendants": return new Flow(null, IsOrdered: false);
            case "extension": return R4.Type("Extension") is { } extension ? new Flow([extension]) : Flow.Any;
            case "skip" or "take" or "first" or "last" or "tail" when !input.IsOrdered:
                problem ??= $"`{call.Name}` needs an order, and `children` and `descendants` have none";
                break;
        }
        var iterates = call.Name is "where" or "select" or "all" or "exists" or "repeat" or "aggregate" or "trace" or "sort" or "iif";
        var last = Flow.Any;
        foreach (var argument in call.Arguments)
            if (call.Name != "repeat") last = Visit(argument, iterates ? input : current);
        return call.Name switch
        {
            "where" or "first" or "last" or "tail" or "skip" or "take" or "single" or "trace" or "distinct" or "sort" or "exclude" or "intersect" => input,
            "select" => last,
            _ => Flow.Any
        };
    }

    private Flow Child(Flow input, string name)
    {
        if (input.Types is not { } types) return Flow.Any;
        var found = new List<TypeInfo>();
        var isKnown = types.Count == 0;
        foreach (var type in types)
        {
            // An abstract resource (`contained`, `entry.resource`) may be any.
            if (type is { IsAbstract: true, IsResource: true }) return Flow.Any;
            if (type.Element(name) is not { } element) continue;
            isKnown = true;
            found.AddRange(element.Types.Select(t => t.Type));
        }
        if (!isKnown) problem ??= $"`{name}` is not an element of `{Names(types)}`";
        return found.Count == 0 ? Flow.Any : new Flow(found, input.IsOrdered);
    }

    private static Flow Cast(Flow input, string type)
    {
        var name = type[(type.LastIndexOf('.') + 1)..];
        return R4.Type(name) is { } known ? new Flow([known], input.IsOrdered) : Flow.Any;
    }

    private static Flow Either(Flow a, Flow b) =>
        a.Types is { } x && b.Types is { } y ? new Flow([.. x, .. y], a.IsOrdered && b.IsOrdered) : Flow.Any;

    private static bool IsType(string name, out TypeInfo type)
    {
        type = null!;
        return char.IsAsciiLetterUpper(name[0]) && (type = R4.Type(name)!) != null;
    }

    private static string Names(IReadOnlyList<TypeInfo> types) => string.Join(", ", types.Select(t => t.Name).Distinct());
}
