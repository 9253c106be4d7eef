namespace FhirCarePlan.Fhir.FhirPath.Syntax;

internal enum Operator
{
    Multiply, Divide, Div, Mod, Add, Subtract, Concatenate, Union, Less, LessOrEqual, Greater, GreaterOrEqual,
    Equal, NotEqual, Equivalent, NotEquivalent, In, Contains, And, Or, Xor, Implies
}

/// <summary>An expression as a tree, before compilation. http://hl7.org/fhirpath/N1/#expressions</summary>
internal abstract record Term
{
    /// <summary>The number of terms on the longest way down, including this one: it bounds the recursion of every walk over the
    /// tree.</summary>
    public abstract int Depth { get; }

    private protected static int DepthOf(Term? a, Term? b = null) => 1 + Math.Max(a?.Depth ?? 0, b?.Depth ?? 0);
}

internal sealed record Literal(Item Value) : Term
{
    public override int Depth => 1;
}

/// <summary>`{}`</summary>
internal sealed record Nothing : Term
{
    public override int Depth => 1;
}

/// <summary>`$this`, `$index`, `$total`.</summary>
internal sealed record Special(string Name) : Term
{
    public override int Depth => 1;
}

/// <summary>`%resource`, %`vs-name`.</summary>
internal sealed record Constant(string Name) : Term
{
    public override int Depth => 1;
}

/// <summary>`name` (Input null) or `input.name`.</summary>
internal sealed record Member(Term? Input, string Name) : Term
{
    public override int Depth { get; } = DepthOf(Input);
}

/// <summary>`name(…)` (Input null) or `input.name(…)`.</summary>
internal sealed record Invocation(Term? Input, string Name, IReadOnlyList<Term> Arguments) : Term
{
    public override int Depth { get; } = 1 + Math.Max(Input?.Depth ?? 0, Arguments.Count == 0 ? 0 : Arguments.Max(a => a.Depth));
}

/// <summary>`input[index]`</summary>
internal sealed record Indexer(Term Input, Term Index) : Term
{
    public override int Depth { get; } = DepthOf(Input, Index);
}

/// <summary>`-operand`, `+operand`</summary>
internal sealed record Sign(bool IsMinus, Term Operand) : Term
{
    public override int Depth { get; } = DepthOf(Operand);
}

internal sealed record Binary(Operator Operator, Term Left, Term Right) : Term
{
    public override int Depth { get; } = DepthOf(Left, Right);
}

/// <summary>`input is Type`, `input as Type`. The type as written: `System.String`.</summary>
internal sealed record TypeTest(Term Input, bool IsAs, string Type) : Term
{
    public override int Depth { get; } = DepthOf(Input);
}
