using FhirCarePlan.Fhir.FhirPath.Operators;

namespace FhirCarePlan.Fhir.FhirPath.Functions;

/// <summary>http://hl7.org/fhirpath/N1/#subsetting</summary>
internal static class Subsetting
{
    /// <summary>`input[index]`</summary>
    public static Code At(Code input, Code index)
    {
        var run = input.Run;
        return Code.Of(e =>
        {
            var start = e.Top;
            run(e);
            if (!Call.TryInteger(e, index, "[]", out var at) || at < 0 || at >= e.Top - start)
            {
                e.Top = start;
                return;
            }
            e[start] = e[start + at];
            e.Top = start + 1;
        });
    }

    public static Code Single(Call call)
    {
        var run = call.Input.Run;
        return Code.Of(e =>
        {
            var start = e.Top;
            run(e);
            if (e.Top - start > 1) throw new FhirPathException($"`single` expects one item, found {e.Top - start}");
        });
    }

    public static Code First(Call call) => Part(call, (_, count) => (0, Math.Min(count, 1)));
    public static Code Last(Call call) => Part(call, (_, count) => (Math.Max(count - 1, 0), count));
    public static Code Tail(Call call) => Part(call, (_, count) => (Math.Min(count, 1), count));

    public static Code Skip(Call call)
    {
        var argument = call.Argument(0);
        return Part(call, (e, count) => (Call.TryInteger(e, argument, "skip", out var skip) ? Math.Clamp(skip, 0, count) : count, count));
    }

    public static Code Take(Call call)
    {
        var argument = call.Argument(0);
        return Part(call, (e, count) => (0, Call.TryInteger(e, argument, "take", out var take) ? Math.Clamp(take, 0, count) : 0));
    }

    /// <summary>Keeps the positions [from, to) of a result.</summary>
    private static Code Part(Call call, Func<Evaluation, int, (int From, int To)> choose)
    {
        var run = call.Input.Run;
        return Code.Of(e =>
        {
            var start = e.Top;
            run(e);
            var (from, to) = choose(e, e.Top - start);
            e.Top = start + to;
            e.Drop(start, start + from);
        });
    }

    public static Code Intersect(Call call) => Common(call, keep: true, distinct: true);
    public static Code Exclude(Call call) => Common(call, keep: false, distinct: false);

    private static Code Common(Call call, bool keep, bool distinct)
    {
        var (run, other) = (call.Input.Run, call.Argument(0).Loose);
        return Code.Of(e =>
        {
            var start = e.Top;
            run(e);
            var middle = e.Top;
            other(e);
            var (end, kept) = (e.Top, start);
            for (var i = start; i < middle; i++)
                if (Membership.Contains(e, middle, end, e[i]) == keep) e[kept++] = e[i];
            e.Top = kept;
            if (distinct) Membership.Distinct(e, start);
        });
    }
}
