using FhirCarePlan.Fhir.FhirPath.Operators;
using FhirCarePlan.Fhir.FhirPath.Values;

namespace FhirCarePlan.Fhir.FhirPath.Functions;

/// <summary>http://hl7.org/fhirpath/N1/#filtering-and-projection</summary>
internal static class Filtering
{
    public static Code Where(Call call)
    {
        var (run, criteria) = (call.Input.Run, call.Argument(0).Test);
        if (call.Input.Path is { } path) return Code.Of(e => path.Run(e, criteria), any: e => path.Any(e, criteria));
        return Code.Of(e =>
        {
            var start = e.Top;
            run(e);
            var (end, keep) = (e.Top, start);
            var scope = new Scope(e);
            for (var i = start; i < end; i++)
            {
                scope.Enter(e, e[i], i - start);
                if (criteria(e) == Truth.True) e[keep++] = e[i];
            }
            scope.Leave(e);
            e.Top = keep;
        }, any: Existence.Any(call.Input, criteria));
    }

    public static Code Select(Call call)
    {
        var (run, projection) = (call.Input.Run, call.Argument(0).Run);
        return Code.Of(e =>
        {
            var start = e.Top;
            run(e);
            var end = e.Top;
            var scope = new Scope(e);
            for (var i = start; i < end; i++)
            {
                scope.Enter(e, e[i], i - start);
                projection(e);
            }
            scope.Leave(e);
            e.Drop(start, end);
        });
    }

    /// <summary>Searches each result again until nothing new turns up.</summary>
    public static Code Repeat(Call call)
    {
        var (run, projection) = (call.Input.Run, call.Argument(0).Run);
        return Code.Of(e =>
        {
            var start = e.Top;
            run(e);
            var end = e.Top;
            var seen = new Membership.Seen(e, end);
            var scope = new Scope(e);
            for (var i = start; i < e.Top; i++)
            {
                e.Tick();
                scope.Enter(e, e[i], i - start);
                var found = e.Top;
                projection(e);
                var (last, keep) = (e.Top, found);
                for (var at = found; at < last; at++)
                    if (seen.Add(e[at])) e[keep++] = e[at];
                e.Top = keep;
            }
            scope.Leave(e);
            e.Drop(start, end);
        });
    }

    public static Code OfType(Call call)
    {
        var (run, type) = (call.Input.Run, call.TypeArgument());
        return Code.Of(e =>
        {
            var start = e.Top;
            run(e);
            KeepType(e, start, type);
        });
    }

    public static Code Is(Call call) => TypeTests.Is(call.Input, call.Term.Input!, call.TypeArgument());
    public static Code As(Call call) => TypeTests.As(call.Input, call.Term.Input!, call.TypeArgument());

    public static void KeepType(Evaluation e, int start, TypeName type)
    {
        var (end, keep) = (e.Top, start);
        for (var i = start; i < end; i++)
            if (type.Selects(e[i])) e[keep++] = e[i];
        e.Top = keep;
    }
}
