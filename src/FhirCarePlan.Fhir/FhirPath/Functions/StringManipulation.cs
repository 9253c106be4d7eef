using System.Text;
using FhirCarePlan.Fhir.FhirPath.Operators;
using FhirCarePlan.Fhir.FhirPath.Values;

namespace FhirCarePlan.Fhir.FhirPath.Functions;

/// <summary>http://hl7.org/fhirpath/N1/#string-manipulation</summary>
internal static class StringManipulation
{
    public static Code IndexOf(Call call) => WithText(call, (text, part) => text.IndexOf(part, StringComparison.Ordinal));
    public static Code LastIndexOf(Call call) => WithText(call, (text, part) => text.LastIndexOf(part, StringComparison.Ordinal));
    public static Code StartsWith(Call call) => WithChars(call, static (text, part) => text.StartsWith(part, StringComparison.Ordinal));
    public static Code EndsWith(Call call) => WithChars(call, static (text, part) => text.EndsWith(part, StringComparison.Ordinal));
    public static Code Contains(Call call) => WithChars(call, static (text, part) => text.Contains(part, StringComparison.Ordinal));
    public static Code Upper(Call call) => call.OfText((_, text) => text.ToUpperInvariant());
    public static Code Lower(Call call) => call.OfText((_, text) => text.ToLowerInvariant());
    public static Code Trim(Call call) => call.OfText((_, text) => text.Trim());
    public static Code Length(Call call) => call.OfText((_, text) => text.Length);

    private static Code WithChars(Call call, Func<ReadOnlySpan<char>, string, bool> holds)
    {
        var (argument, name) = (call.Argument(0), call.Name);
        return call.OfChars((e, text) => !Call.TryText(e, argument, name, out var part)
            ? Truth.Empty : holds(text, part) ? Truth.True : Truth.False);
    }

    private static Code WithText(Call call, Func<string, string, Item> compute)
    {
        var (argument, name) = (call.Argument(0), call.Name);
        return call.OfText((e, text) => Call.TryText(e, argument, name, out var part) ? compute(text, part) : default);
    }

    public static Code Substring(Call call)
    {
        var (first, length) = (call.Argument(0), call.Optional(1));
        return call.OfItem((Evaluation e, in Item item) =>
        {
            if (!Call.IsText(item, "substring")) return default;
            var text = item.IsNode ? TextView.Copy(item.Node) : item;
            var size = text.IsSlice ? text.Slice.Length : text.String.Length;
            e.Tick(size >> 6);
            if (!Call.TryInteger(e, first, "substring", out var from) || from < 0 || from >= size) return default;
            var count = size - from;
            if (length != null && Call.TryInteger(e, length, "substring", out var asked)) count = Math.Clamp(asked, 0, count);
            return text.IsSlice ? text.Part(from, count) : text.String.Substring(from, count);
        });
    }

    public static Code Replace(Call call)
    {
        var (pattern, substitution) = (call.Argument(0), call.Argument(1));
        return call.OfText((e, text) =>
        {
            if (!Call.TryText(e, pattern, "replace", out var part) || !Call.TryText(e, substitution, "replace", out var by)) return default;
            if (text.Length * (long)(by.Length + 1) > 16L * Arithmetic.LongestText)
                throw new FhirPathLimitException("The string that `replace` makes is too long");
            return part.Length > 0 ? text.Replace(part, by, StringComparison.Ordinal) : Surrounded(text, by);
        });
    }

    /// <summary>An empty pattern matches between all characters: `'abc'.replace('', 'x')` is `xaxbxcx`.</summary>
    private static string Surrounded(string text, string by)
    {
        var result = new StringBuilder(by);
        foreach (var c in text) result.Append(c).Append(by);
        return result.ToString();
    }

    public static Code ToChars(Call call) => Pieces(call, (e, text) =>
    {
        foreach (var c in text.EnumerateRunes()) e.Push((Item)c.ToString());
    });

    public static Code Split(Call call)
    {
        var separator = call.Argument(0);
        return Pieces(call, (e, text) =>
        {
            if (!Call.TryText(e, separator, "split", out var by)) return;
            foreach (var piece in by.Length == 0 ? [text] : text.Split(by)) e.Push((Item)piece);
        });
    }

    private static Code Pieces(Call call, Action<Evaluation, string> push)
    {
        var (run, name) = (call.Input.Run, call.Name);
        return Code.Of(e =>
        {
            var start = e.Top;
            run(e);
            if (!e.TakeOne(start, out var item, name) || Call.TextOf(item, name) is not { } text) return;
            e.Tick(text.Length);
            push(e, text);
        });
    }

    public static Code Join(Call call)
    {
        var (run, separator) = (call.Input.Run, call.Optional(0));
        return Code.Of(e =>
        {
            var start = e.Top;
            run(e);
            if (e.Top == start) return;
            var by = "";
            if (separator != null) Call.TryText(e, separator, "join", out by);
            var result = new StringBuilder();
            for (var i = start; i < e.Top; i++)
            {
                if (i > start) result.Append(by);
                result.Append(Call.TextOf(e[i], "join"));
                if (result.Length > Arithmetic.LongestText) throw new FhirPathLimitException("The string that `join` makes is too long");
            }
            e.Top = start;
            e.Push((Item)result.ToString());
        });
    }
}
