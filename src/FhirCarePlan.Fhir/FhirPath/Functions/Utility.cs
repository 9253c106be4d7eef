using FhirCarePlan.Fhir.FhirPath.Operators;
using FhirCarePlan.Fhir.FhirPath.Syntax;
using FhirCarePlan.Fhir.FhirPath.Values;

namespace FhirCarePlan.Fhir.FhirPath.Functions;

/// <summary>http://hl7.org/fhirpath/N1/#utility-functions</summary>
internal static class Utility
{
    /// <summary>Writes nothing: records must not leak into logs. The arguments are compiled, so that mistakes in them are found.</summary>
    public static Code Trace(Call call)
    {
        _ = call.Argument(0);
        _ = call.Optional(1);
        return call.Input;
    }

    public static Code Now(Call call) => Code.Of(e => e.Push(Item.Of(Moment.Of(e.Now))));
    public static Code Today(Call call) => Code.Of(e => e.Push(Item.Of(Moment.Of(e.Now).AsDate())));
    public static Code TimeOfDay(Call call) => Code.Of(e => e.Push(Item.Of(Moment.TimeOf(e.Now))));

    public static Code Type(Call call)
    {
        var run = call.Input.Run;
        return Code.Of(e =>
        {
            var start = e.Top;
            run(e);
            for (var i = start; i < e.Top; i++) e[i] = Item.Of(TypeName.Of(e[i]));
        });
    }

    public static Code Comparable(Call call)
    {
        var argument = call.Argument(0);
        return call.OfValue((Evaluation e, in Item value) =>
        {
            var a = Quantities.From(value);
            if (a.Kind != ItemKind.Quantity) throw new FhirPathException($"`comparable` expects a quantity, found `{value.TypeName}`");
            if (!Call.TryOne(e, argument, "comparable", out var other)) return default;
            var b = Quantities.From(other);
            return b.Kind == ItemKind.Quantity && Quantities.AreComparable(a.Unit, b.Unit);
        });
    }

    /// <summary>`sort(family, -birthDate)`: by each key in turn, a minus before it turns the order around. Empty keys come first
    /// either way (the HL7 suite's reading).</summary>
    public static Code Sort(Call call)
    {
        var keys = new (Run Run, bool IsDescending)[Math.Max(call.Count, 1)];
        for (var i = 0; i < call.Count; i++)
            keys[i] = call.Term.Arguments[i] is Sign { IsMinus: true } ? (Operand(call, i).Run, true) : (call.Argument(i).Run, false);
        if (call.Count == 0) keys[0] = (e => e.Push(e.This), false);
        var run = call.Input.Run;
        return Code.Of(e =>
        {
            var start = e.Top;
            run(e);
            var count = e.Top - start;
            if (count < 2) return;
            var rows = new (Item Item, Item[] Keys)[count];
            var scope = new Scope(e);
            for (var i = 0; i < count; i++)
            {
                scope.Enter(e, e[start + i], i);
                rows[i] = (e[start + i], [.. keys.Select(key => Key(e, key.Run))]);
            }
            scope.Leave(e);
            var sorted = rows.Order(Comparer<(Item Item, Item[] Keys)>.Create((a, b) => Compare(e, keys, a.Keys, b.Keys)));
            e.Top = start;
            try
            {
                foreach (var (item, _) in sorted) e.Push(item);
            }
            // LINQ wraps exceptions of a comparison.
            catch (InvalidOperationException wrapped) when (wrapped.InnerException is FhirPathException problem)
            {
                throw problem;
            }
        });
    }

    private static Code Operand(Call call, int index) => Compiler.Compile(((Sign)call.Term.Arguments[index]).Operand);

    private static Item Key(Evaluation e, Run run)
    {
        var start = e.Top;
        run(e);
        return e.TakeOne(start, out var key, "sort") ? key : default;
    }

    private static int Compare(Evaluation e, (Run Run, bool IsDescending)[] keys, Item[] a, Item[] b)
    {
        e.Tick();
        for (var i = 0; i < keys.Length; i++)
        {
            if (a[i].IsNone != b[i].IsNone) return a[i].IsNone ? -1 : 1;
            var order = a[i].IsNone ? 0 : Ordering.Compare(a[i], b[i]) ?? 0;
            if (order != 0) return keys[i].IsDescending ? -order : order;
        }
        return 0;
    }
}
