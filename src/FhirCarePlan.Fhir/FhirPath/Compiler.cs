using FhirCarePlan.Fhir.FhirPath.Functions;
using FhirCarePlan.Fhir.FhirPath.Operators;
using FhirCarePlan.Fhir.FhirPath.Syntax;
using FhirCarePlan.Fhir.FhirPath.Values;

namespace FhirCarePlan.Fhir.FhirPath;

/// <summary>Turns the tree of an expression into delegates.</summary>
internal static class Compiler
{
    internal static Code This { get; } = Code.Of(e =>
    {
        if (!e.This.IsNone) e.Push(e.This);
    });

    public static Code Compile(Term term) => term switch
    {
        _ when IsFixed(term) => Code.Once(CompileHere(term)),
        _ => CompileHere(term)
    };

    /// <summary>True for steps from what stays the same throughout an evaluation: `%resource.subject.reference`. In a condition it would be
    /// asked for again for every item.</summary>
    private static bool IsFixed(Term term) => term switch
    {
        Member { Input: { } input } => input is Syntax.Constant { Name: "resource" or "rootResource" or "context" } || IsFixed(input),
        Invocation { Input: { } input, Name: not "trace" } call => IsFixed(input) && call.Arguments.All(a => a is Literal),
        _ => false
    };

    private static Code CompileHere(Term term) => term switch
    {
        Literal literal => Code.OfConstant(literal.Value),
        Nothing => Code.OfConstant(),
        Special special => Variable(special.Name),
        Syntax.Constant constant => Constants.Compile(constant.Name),
        Member { Input: null } member => FirstStep(member.Name),
        Member member => NodePath.Extend(CompileHere(member.Input!), new ChildStep(member.Name)),
        Indexer indexer => Subsetting.At(Compile(indexer.Input), Compile(indexer.Index)),
        Invocation call => Function(call),
        Sign sign => Signed(sign),
        TypeTest test => test.IsAs
            ? TypeTests.As(Compile(test.Input), test.Input, TypeName(test.Type))
            : TypeTests.Is(Compile(test.Input), test.Input, TypeName(test.Type)),
        Binary binary => BinaryOperators.Compile(binary, Compile),
        _ => throw new InvalidOperationException(term.GetType().Name)
    };

    private static TypeName TypeName(string written) =>
        written.IndexOf('.') is var dot and >= 0
            ? Values.TypeName.Known(written[..dot], written[(dot + 1)..]) : Values.TypeName.Known(null, written);

    private static Code Variable(string name) => name switch
    {
        "this" => This,
        "index" => Code.Of(e => e.Push((Item)e.Index)),
        _ => Code.Of(e =>
        {
            if (e.TotalStart < 0) throw new FhirPathException("`$total` exists only inside `aggregate`");
            for (var i = 0; i < e.TotalCount; i++) e.Push(e[e.TotalStart + i]);
        })
    };

    /// <summary>A name at the start of a path: a child of the focus, or the focus itself if the name is its type
    /// (`Patient.name`).</summary>
    private static Code FirstStep(string name)
    {
        var child = NodePath.Extend(This, new ChildStep(name));
        return char.IsAsciiLetterUpper(name[0]) ? Code.Of(e =>
        {
            if (e.This.IsNode && e.This.Node.Type.Is(name)) e.Push(e.This);
            else child.Run(e);
        }) : child;
    }

    private static Code Function(Invocation call)
    {
        if (!FunctionTable.TryGet(call.Name, out var function)) throw new FhirPathException($"`{call.Name}` is not a function");
        var count = call.Arguments.Count;
        if (count < function.Least || count > function.Most)
            throw new FhirPathException($"`{call.Name}` has {count} arguments; it must have {function.Range}");
        var input = call.Input is null ? This : IsFixed(call) ? CompileHere(call.Input) : Compile(call.Input);
        return function.Compile(new Call(call, input, Compile));
    }

    private static Code Signed(Sign sign)
    {
        var operand = Compile(sign.Operand);
        if (operand.Constant is [var number]) return Code.OfConstant(sign.IsMinus ? Arithmetic.Negate(number) : number);
        return Code.Of(e =>
        {
            if (!Call.TryOne(e, operand, sign.IsMinus ? "-" : "+", out var value)) return;
            var negated = Arithmetic.Negate(value);
            if (!sign.IsMinus) negated = value;
            if (!negated.IsNone) e.Push(negated);
        });
    }
}
