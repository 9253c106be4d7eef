using FhirCarePlan.Fhir.FhirPath.Functions;
using FhirCarePlan.Fhir.FhirPath.Syntax;
using FhirCarePlan.Fhir.FhirPath.Values;

namespace FhirCarePlan.Fhir.FhirPath.Operators;

/// <summary>Code for the operators with two operands. http://hl7.org/fhirpath/N1/#operations</summary>
internal static class BinaryOperators
{
    private delegate Item Calculation(in Item a, in Item b);

    public static Code Compile(Binary binary, Func<Term, Code> compile)
    {
        if (binary.Operator == Operator.Union) return Combining.Union([.. Operands(binary, Operator.Union).Select(compile)]);
        var (left, right) = (compile(binary.Left), compile(binary.Right));
        return binary.Operator switch
        {
            Operator.And => Logic.And(left, right),
            Operator.Or => Logic.Or(left, right),
            Operator.Xor => Logic.Xor(left, right),
            Operator.Implies => Logic.Implies(left, right),
            Operator.Equal => Equal(left, right),
            Operator.NotEqual => Not(Equal(left, right)),
            Operator.Equivalent => Equivalent(left, right),
            Operator.NotEquivalent => Not(Equivalent(left, right)),
            Operator.Less => Ordered("<", left, right, static order => order < 0),
            Operator.LessOrEqual => Ordered("<=", left, right, static order => order <= 0),
            Operator.Greater => Ordered(">", left, right, static order => order > 0),
            Operator.GreaterOrEqual => Ordered(">=", left, right, static order => order >= 0),
            Operator.In => Membership.In(left, right, "in"),
            Operator.Contains => Membership.In(right, left, "contains"),
            Operator.Add => Calculated("+", left, right, Arithmetic.Add),
            Operator.Subtract => Calculated("-", left, right, Arithmetic.Subtract),
            Operator.Multiply => Calculated("*", left, right, Arithmetic.Multiply),
            Operator.Divide => Calculated("/", left, right, Arithmetic.Divide),
            Operator.Div => Calculated("div", left, right, Arithmetic.Div),
            Operator.Mod => Calculated("mod", left, right, Arithmetic.Mod),
            _ => Concatenated(left, right)
        };
    }

    /// <summary>`a | b | c` as one list, so that duplicates are looked for once.</summary>
    private static List<Term> Operands(Term term, Operator operation)
    {
        var operands = new List<Term>();
        while (term is Binary binary && binary.Operator == operation)
        {
            operands.Add(binary.Right);
            term = binary.Left;
        }
        operands.Add(term);
        operands.Reverse();
        return operands;
    }

    private static Code Not(Code code)
    {
        var test = code.Test;
        return Code.OfTruth(e => test(e) switch { Truth.True => Truth.False, Truth.False => Truth.True, _ => Truth.Empty });
    }

    private static Code Equal(Code left, Code right)
    {
        // The commonest invariant by far: `status = 'active'`.
        if (right.ConstantText is { } text) return EqualText(left, text);
        var (runLeft, runRight) = (left.Run, right.Run);
        return Code.OfTruth(e =>
        {
            var start = e.Top;
            runLeft(e);
            var middle = e.Top;
            runRight(e);
            var result = Equality.Of(e, start, middle, e.Top);
            e.Top = start;
            return result;
        });
    }

    private static Code EqualText(Code left, string text)
    {
        var (run, known, expected) = (left.Run, new KnownText(text), (Item)text);
        if (left.Path?.OnlyStep is { } step)
            return Code.OfTruth(e =>
            {
                if (!e.This.IsNode) return step.Of(e.This) is { IsNone: false } found ? Is(e, found) : Truth.Empty;
                e.Tick();
                var node = step.First(e.This.Node);
                if (node.IsMissing) return Truth.Empty;
                return step.Next(node).IsMissing ? Is(e, node) : Truth.False;
            });
        return Code.OfTruth(e =>
        {
            var start = e.Top;
            run(e);
            var count = e.Top - start;
            e.Top = start;
            return count switch
            {
                0 => Truth.Empty,
                1 => Is(e, e[start]),
                _ => Truth.False
            };
        });

        Truth Is(Evaluation e, in Item item) =>
            SystemValue.KindOf(item) != ItemKind.String ? Equality.Of(e, item, expected) : known.Equals(item) ? Truth.True : Truth.False;
    }

    private static Code Equivalent(Code left, Code right)
    {
        var (runLeft, runRight) = (left.Run, right.Run);
        return Code.OfBoolean(e =>
        {
            var start = e.Top;
            runLeft(e);
            var middle = e.Top;
            runRight(e);
            var result = Equivalence.Of(e, start, middle, e.Top);
            e.Top = start;
            return result;
        });
    }

    private static Code Ordered(string name, Code left, Code right, Func<int, bool> holds)
    {
        var (runLeft, runRight) = (left.Run, right.Run);
        return Code.OfTruth(e =>
        {
            var start = e.Top;
            runLeft(e);
            var any = e.TakeOne(start, out var a, name);
            runRight(e);
            if (!e.TakeOne(start, out var b, name) || !any) return Truth.Empty;
            return Ordering.Compare(a, b) is { } order ? holds(order) ? Truth.True : Truth.False : Truth.Empty;
        });
    }

    private static Code Calculated(string name, Code left, Code right, Calculation calculate) => Code.Of(e =>
    {
        var hasLeft = Call.TryOne(e, left, name, out var a);
        var hasRight = Call.TryOne(e, right, name, out var b);
        if (!hasLeft || !hasRight) return;
        var result = calculate(a, b);
        if (!result.IsNone) e.Push(result);
    });

    /// <summary>`&amp;`: an empty operand is an empty string.</summary>
    private static Code Concatenated(Code left, Code right) => Code.Of(e =>
    {
        Call.TryText(e, left, "&", out var a);
        Call.TryText(e, right, "&", out var b);
        e.Push(Arithmetic.Join(a, b));
        e.Tick((a.Length + b.Length) >> 6);
    });
}
