using FhirCarePlan.Fhir.FhirPath.Operators;
using FhirCarePlan.Fhir.FhirPath.Values;

namespace FhirCarePlan.Fhir.FhirPath.Functions;

/// <summary>http://hl7.org/fhirpath/N1/#existence</summary>
internal static class Existence
{
    public static Code Empty(Call call)
    {
        var any = call.Input.Any;
        return Code.OfBoolean(e => !any(e));
    }

    public static Code Exists(Call call) =>
        Code.OfBoolean(call.Optional(0) is { } criteria ? Any(call.Input, criteria.Test) : call.Input.Any);

    /// <summary>Whether the criteria hold for some item; those after it are not looked at.</summary>
    public static Func<Evaluation, bool> Any(Code input, Test criteria) =>
        input.Path is { } path ? e => path.Any(e, criteria) : AnyOf(input.Loose, criteria);

    private static Func<Evaluation, bool> AnyOf(Run run, Test criteria) => e =>
    {
        var start = e.Top;
        run(e);
        var end = e.Top;
        var scope = new Scope(e);
        var any = false;
        for (var i = start; i < end && !any; i++)
        {
            scope.Enter(e, e[i], i - start);
            any = criteria(e) == Truth.True;
        }
        scope.Leave(e);
        e.Top = start;
        return any;
    };

    public static Code All(Call call)
    {
        var (run, criteria) = (call.Input.Run, call.Argument(0).Test);
        return Code.OfBoolean(e =>
        {
            var start = e.Top;
            run(e);
            var end = e.Top;
            var scope = new Scope(e);
            var all = true;
            for (var i = start; i < end && all; i++)
            {
                scope.Enter(e, e[i], i - start);
                all = criteria(e) == Truth.True;
            }
            scope.Leave(e);
            e.Top = start;
            return all;
        });
    }

    public static Code AllTrue(Call call) => OfBooleans(call, ifEmpty: true, decides: false);
    public static Code AllFalse(Call call) => OfBooleans(call, ifEmpty: true, decides: true);
    public static Code AnyTrue(Call call) => OfBooleans(call, ifEmpty: false, decides: true);
    public static Code AnyFalse(Call call) => OfBooleans(call, ifEmpty: false, decides: false);

    /// <summary>The opposite of `ifEmpty` as soon as one boolean is `decides`.</summary>
    private static Code OfBooleans(Call call, bool ifEmpty, bool decides)
    {
        var (run, name) = (call.Input.Run, call.Name);
        return Code.OfBoolean(e =>
        {
            var start = e.Top;
            run(e);
            var result = ifEmpty;
            foreach (ref readonly var item in e.From(start))
            {
                var value = SystemValue.Of(item);
                if (value.Kind != ItemKind.Boolean) throw new FhirPathException($"`{name}` expects booleans, found `{item.TypeName}`");
                if (value.Boolean == decides) result = !ifEmpty;
            }
            e.Top = start;
            return result;
        });
    }

    public static Code SubsetOf(Call call) => Subset(call.Input, call.Argument(0));
    public static Code SupersetOf(Call call) => Subset(call.Argument(0), call.Input);

    private static Code Subset(Code small, Code large)
    {
        var (part, whole) = (small.Loose, large.Loose);
        if (KnownText.AllOf(small) is { } texts)
            return Code.OfBoolean(e =>
            {
                var start = e.Top;
                whole(e);
                var isSubset = true;
                for (var i = 0; i < texts.Length && isSubset; i++) isSubset = Membership.Contains(e, start, texts[i]);
                e.Top = start;
                return isSubset;
            });
        return Code.OfBoolean(e =>
        {
            var start = e.Top;
            part(e);
            var middle = e.Top;
            whole(e);
            var end = e.Top;
            var isSubset = true;
            for (var i = start; i < middle && isSubset; i++) isSubset = Membership.Contains(e, middle, end, e[i]);
            e.Top = start;
            return isSubset;
        });
    }

    public static Code Count(Call call)
    {
        var run = call.Input.Run;
        return Code.Of(e =>
        {
            var start = e.Top;
            run(e);
            var count = e.Top - start;
            e.Top = start;
            e.Push((Item)count);
        });
    }

    public static Code Distinct(Call call)
    {
        var run = call.Input.Run;
        return Code.Of(e =>
        {
            var start = e.Top;
            run(e);
            Membership.Distinct(e, start);
        });
    }

    public static Code IsDistinct(Call call)
    {
        var run = call.Input.Run;
        return Code.OfBoolean(e =>
        {
            var start = e.Top;
            run(e);
            var count = e.Top - start;
            Membership.Distinct(e, start);
            var isDistinct = e.Top - start == count;
            e.Top = start;
            return isDistinct;
        });
    }

    public static Code Not(Call call)
    {
        var test = call.Input.Test;
        return Code.OfTruth(e => test(e) switch { Truth.True => Truth.False, Truth.False => Truth.True, _ => Truth.Empty });
    }
}
