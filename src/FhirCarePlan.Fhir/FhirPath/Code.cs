namespace FhirCarePlan.Fhir.FhirPath;

/// <summary>Leaves its result on top of the stack.</summary>
internal delegate void Run(Evaluation e);

/// <summary>Leaves the stack as it was.</summary>
internal delegate Truth Test(Evaluation e);

/// <summary>What a piece of an expression compiles to: delegates for its result as a collection and as a condition.</summary>
internal sealed class Code
{
    private Code(Run run, Test test) => (Run, Test, Loose, Any) = (run, test, run, AnyOf(run));

    public Run Run { get; }
    public Test Test { get; }
    /// <summary>As Run, but items may occur more than once, for callers that only ask whether there are any. A union then need not search
    /// for duplicates.</summary>
    public Run Loose { get; private init; }
    /// <summary>Whether the result has items: looks no further than the first where that can be told.</summary>
    public Func<Evaluation, bool> Any { get; private init; }
    /// <summary>The steps it consists of, where it does.</summary>
    public NodePath? Path { get; private init; }
    /// <summary>The result where it is known at compile time.</summary>
    public Item[]? Constant { get; private init; }

    public static Code Of(Run run) => new(run, e =>
    {
        var start = e.Top;
        run(e);
        return e.TakeTruth(start);
    });

    /// <summary>Code whose duplicates do not matter to everyone.</summary>
    public static Code Of(Run run, Run loose)
    {
        var code = Of(run);
        return new Code(code.Run, code.Test) { Loose = loose, Any = AnyOf(loose) };
    }

    public static Code Of(NodePath path)
    {
        var code = Of(e => path.Run(e));
        return new Code(code.Run, code.Test) { Path = path, Any = e => path.Any(e) };
    }

    /// <summary>Code that can tell whether there is anything without collecting all.</summary>
    public static Code Of(Run run, Func<Evaluation, bool> any)
    {
        var code = Of(run);
        return new Code(code.Run, code.Test) { Any = any };
    }

    /// <summary>Code with the same result everywhere in an evaluation: computed when first needed, then remembered.</summary>
    public static Code Once(Code code)
    {
        var (run, key) = (code.Run, new object());
        return Of(e =>
        {
            if (e.Recall(key)) return;
            var start = e.Top;
            run(e);
            e.Remember(key, start);
        });
    }

    public static Code OfTruth(Test test) => new(e =>
    {
        var truth = test(e);
        if (truth != Truth.Empty) e.Push((Item)(truth == Truth.True));
    }, test)
    { Any = e => test(e) != Truth.Empty };

    /// <summary>Like OfTruth for code that always decides.</summary>
    public static Code OfBoolean(Func<Evaluation, bool> test) => OfTruth(e => test(e) ? Truth.True : Truth.False);

    public static Code OfConstant(params Item[] items)
    {
        var code = Of(e =>
        {
            foreach (ref readonly var item in items.AsSpan()) e.Push(item);
        });
        return new Code(code.Run, code.Test) { Constant = items };
    }

    private static Func<Evaluation, bool> AnyOf(Run run) => e =>
    {
        var start = e.Top;
        run(e);
        var any = e.Top > start;
        e.Top = start;
        return any;
    };

    /// <summary>The one string this code always yields, else null.</summary>
    public string? ConstantText => Constant is [{ Kind: ItemKind.String } text] ? text.String : null;
}
