using System.Runtime.CompilerServices;
using FhirCarePlan.Fhir.FhirPath.Syntax;
using FhirCarePlan.Fhir.FhirPath.Values;

namespace FhirCarePlan.Fhir.FhirPath;

/// <summary>Computes one System value from another; None for an empty result.</summary>
internal delegate Item Compute(Evaluation e, in Item value);

/// <summary>Decides on the characters of a string.</summary>
internal delegate Truth Inspect(Evaluation e, ReadOnlySpan<char> text);

/// <summary>A function call being compiled: its input, its arguments, and the common shapes of functions.</summary>
internal sealed class Call(Invocation term, Code input, Func<Term, Code> compile)
{
    public string Name => term.Name;
    public Invocation Term => term;
    public Code Input => input;
    public int Count => term.Arguments.Count;

    public Code Argument(int index) => compile(term.Arguments[index]);
    public Code? Optional(int index) => index < Count ? Argument(index) : null;

    /// <summary>An argument that names a type: `ofType(FHIR.Patient)`.</summary>
    public TypeName TypeArgument() => term.Arguments[0] switch
    {
        Member { Input: null } name => TypeName.Known(null, name.Name),
        Member { Input: Member { Input: null } space } name => TypeName.Known(space.Name, name.Name),
        _ => throw new FhirPathException($"`{Name}` expects the name of a type")
    };

    /// <summary>A function of at most one item, seen as its System value. Empty in, empty out.</summary>
    public Code OfValue(Compute compute)
    {
        var (run, name) = (input.Run, Name);
        return Code.Of(e =>
        {
            var start = e.Top;
            run(e);
            if (!e.TakeOne(start, out var item, name)) return;
            item = SystemValue.Of(item);
            if (item.IsNone) return;
            item = compute(e, item);
            if (!item.IsNone) e.Push(item);
        });
    }

    /// <summary>A function of at most one string.</summary>
    public Code OfText(Func<Evaluation, string, Item> compute)
    {
        var name = Name;
        return OfItem((e, in item) =>
        {
            var text = TextOf(item, name);
            if (text is null) return default;
            e.Tick(text.Length >> 6);
            return compute(e, text);
        });
    }

    /// <summary>A condition on the characters of at most one string, without copying it.</summary>
    public Code OfChars(Inspect inspect)
    {
        var (run, name) = (input.Run, Name);
        return Code.OfTruth([SkipLocalsInit] (e) =>
        {
            var start = e.Top;
            run(e);
            if (!e.TakeOne(start, out var item, name) || !IsText(item, name)) return Truth.Empty;
            Span<char> buffer = stackalloc char[256];
            var text = TextView.Of(item).Chars(buffer);
            e.Tick(text.Length >> 6);
            return inspect(e, text);
        });
    }

    /// <summary>A function of at most one item as it is.</summary>
    public Code OfItem(Compute compute)
    {
        var (run, name) = (input.Run, Name);
        return Code.Of(e =>
        {
            var start = e.Top;
            run(e);
            if (!e.TakeOne(start, out var item, name)) return;
            item = compute(e, item);
            if (!item.IsNone) e.Push(item);
        });
    }

    /// <summary>The string an item is; null for an element without value.</summary>
    /// <exception cref="FhirPathException">It is something else.</exception>
    public static string? TextOf(in Item item, string taker) => IsText(item, taker) ? item.Text : null;

    /// <summary>False for an element without value.</summary>
    /// <exception cref="FhirPathException">It is something else than a string.</exception>
    public static bool IsText(in Item item, string taker) => SystemValue.KindOf(item) switch
    {
        ItemKind.String => true,
        ItemKind.None when item.IsNode && item.Node.Type.IsPrimitive => false,
        _ => throw new FhirPathException($"`{taker}` expects a string, found `{item.TypeName}`")
    };

    /// <summary>Evaluates an argument to one System value; false when it is empty.</summary>
    public static bool TryOne(Evaluation e, Code argument, string taker, out Item value)
    {
        var start = e.Top;
        argument.Run(e);
        if (!e.TakeOne(start, out value, taker)) return false;
        value = SystemValue.Of(value);
        return !value.IsNone;
    }

    public static bool TryText(Evaluation e, Code argument, string taker, out string text)
    {
        text = argument.ConstantText!;
        if (text != null) return true;
        text = "";
        if (!TryOne(e, argument, taker, out var value)) return false;
        text = value.Kind == ItemKind.String
            ? value.String : throw new FhirPathException($"`{taker}` expects a string as argument, found `{value.TypeName}`");
        return true;
    }

    public static bool TryInteger(Evaluation e, Code argument, string taker, out int number)
    {
        number = 0;
        if (!TryOne(e, argument, taker, out var value)) return false;
        number = value.Kind == ItemKind.Integer
            ? value.Integer : throw new FhirPathException($"`{taker}` expects an integer as argument, found `{value.TypeName}`");
        return true;
    }
}
