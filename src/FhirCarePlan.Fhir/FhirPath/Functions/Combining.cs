using FhirCarePlan.Fhir.FhirPath.Operators;

namespace FhirCarePlan.Fhir.FhirPath.Functions;

/// <summary>http://hl7.org/fhirpath/N1/#combining, http://hl7.org/fhirpath/N1/#aggregates</summary>
internal static class Combining
{
    public static Code Union(Call call) => Union([call.Input, call.Argument(0)]);

    /// <summary>`a | b | c`</summary>
    public static Code Union(Code[] parts)
    {
        if (parts.All(p => p.Constant is [{ Kind: ItemKind.String }]))
            return Code.OfConstant([.. parts.Select(p => p.Constant![0]).DistinctBy(i => i.String)]);
        var runs = parts.Select(p => p.Loose).ToArray();
        return Code.Of(e =>
        {
            var start = e.Top;
            foreach (var run in runs) run(e);
            if (e.Top - start > 1) Membership.Distinct(e, start);
        }, loose: e =>
        {
            foreach (var run in runs) run(e);
        });
    }

    public static Code Combine(Call call)
    {
        var (run, other) = (call.Input.Run, call.Argument(0).Run);
        return Code.Of(e =>
        {
            var start = e.Top;
            run(e);
            other(e);
            e.Tick(e.Top - start);
        });
    }

    /// <summary>`$total` is above the input on the stack and is replaced at each turn.</summary>
    public static Code Aggregate(Call call)
    {
        var (run, body, initial) = (call.Input.Run, call.Argument(0).Run, call.Optional(1)?.Run);
        return Code.Of(e =>
        {
            var start = e.Top;
            run(e);
            var end = e.Top;
            initial?.Invoke(e);
            var scope = new Scope(e);
            var (outerStart, outerCount) = (e.TotalStart, e.TotalCount);
            for (var i = start; i < end; i++)
            {
                scope.Enter(e, e[i], i - start);
                (e.TotalStart, e.TotalCount) = (end, e.Top - end);
                var mark = e.Top;
                body(e);
                e.Tick(e.Top - mark);
                e.Drop(end, mark);
            }
            (e.TotalStart, e.TotalCount) = (outerStart, outerCount);
            scope.Leave(e);
            e.Drop(start, end);
        });
    }
}
