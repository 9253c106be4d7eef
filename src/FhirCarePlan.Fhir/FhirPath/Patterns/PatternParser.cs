namespace FhirCarePlan.Fhir.FhirPath.Patterns;

/// <summary>Reads a regular expression of .NET's syntax; .NET has found it well-formed before.
/// https://learn.microsoft.com/dotnet/standard/base-types/regular-expression-language-quick-reference</summary>
internal sealed class PatternParser
{
    private const int Deepest = 200;

    private readonly string text;
    private readonly Dictionary<string, int> names = new(StringComparer.Ordinal);
    private int at, depth;
    private bool ignoresCase;

    private PatternParser(string text) => this.text = text;

    /// <summary>Null for a construct that is none of those here: conditions, balancing groups, other options than `i`.</summary>
    public static (PatternNode Root, int Groups, IReadOnlyDictionary<string, int> Names)? Parse(string text)
    {
        var parser = new PatternParser(text);
        return parser.Alternatives() is { } root && parser.at == text.Length ? (root, parser.groups, parser.names) : null;
    }

    private int groups = 1;

    private bool Is(string expected) => string.CompareOrdinal(text, at, expected, 0, expected.Length) == 0;

    private bool Take(string expected)
    {
        if (!Is(expected)) return false;
        at += expected.Length;
        return true;
    }

    private PatternNode? Alternatives()
    {
        if (++depth > Deepest) return null;
        var outer = ignoresCase;
        var parts = new List<PatternNode>();
        do
        {
            if (Sequence() is not { } part) return null;
            parts.Add(part);
        } while (Take("|"));
        ignoresCase = outer; // `(?i)` lasts to the end of its group
        depth--;
        return parts.Count == 1 ? parts[0] : new Alternatives(parts);
    }

    private Sequence? Sequence()
    {
        var parts = new List<PatternNode>();
        while (at < text.Length && text[at] is not ('|' or ')'))
        {
            if (Take("(?#"))
            {
                at = text.IndexOf(')', at) + 1;
                continue;
            }
            if (Is("(?i)") || Is("(?-i)"))
            {
                ignoresCase = Is("(?i)");
                at = text.IndexOf(')', at) + 1;
                continue;
            }
            if (Atom() is not { } atom || Quantified(atom) is not { } piece) return null;
            parts.Add(piece);
        }
        return new Sequence(parts);
    }

    private PatternNode? Quantified(PatternNode atom)
    {
        if (at == text.Length) return atom;
        var (least, most) = (0, int.MaxValue);
        switch (text[at])
        {
            case '*': at++; break;
            case '+': least = 1; at++; break;
            case '?': most = 1; at++; break;
            case '{' when Braces(out least, out most): break;
            default: return atom;
        }
        return new Repeated(atom, least, most, Take("?"));
    }

    /// <summary>`{2}`, `{2,}`, `{2,5}`; anything else in braces is text.</summary>
    private bool Braces(out int least, out int most)
    {
        (least, most) = (0, int.MaxValue);
        var end = text.IndexOf('}', at);
        if (end < 0) return false;
        var inside = text[(at + 1)..end];
        var comma = inside.IndexOf(',');
        if (!int.TryParse(comma < 0 ? inside : inside[..comma], System.Globalization.NumberStyles.None, null, out least)) return false;
        if (comma < 0) most = least;
        else if (comma < inside.Length - 1 && !int.TryParse(inside[(comma + 1)..], System.Globalization.NumberStyles.None, null, out most)) return false;
        at = end + 1;
        return true;
    }

    private PatternNode? Atom()
    {
        var c = text[at];
        switch (c)
        {
            case '(': return Bracketed();
            case '[': return Set(ClassEnd());
            case '^' or '$':
                at++;
                return new Place(c);
            case '\\': return Escape();
            default: return Set(at + 1);
        }
    }

    private OneOf Set(int end)
    {
        var piece = text[at..end];
        at = end;
        // What stands alone here may have a meaning elsewhere.
        return new OneOf(new CharacterSet(piece is "{" or "}" or "]" or "#" or " " ? "\\" + piece : piece, ignoresCase));
    }

    private int ClassEnd()
    {
        var end = at + 1;
        if (end < text.Length && text[end] == '^') end++;
        if (end < text.Length && text[end] == ']') end++; // the first one is a member
        for (var level = 1; ; end++)
            switch (text[end])
            {
                case '\\': end++; break;
                case '[' when text[end - 1] == '-': level++; break; // one set without another
                case ']' when --level == 0: return end + 1;
            }
    }

    private PatternNode? Escape()
    {
        var c = text[at + 1];
        if (c is 'b' or 'B' or 'z' or 'A' or 'Z')
        {
            at += 2;
            return new Place(c switch { 'A' => '^', 'Z' => '$', _ => c });
        }
        if (c is >= '1' and <= '9')
        {
            at++;
            var start = at;
            while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
            return int.TryParse(text.AsSpan(start, at - start), out var number) && number < 100 ? new Back(number, ignoresCase) : null;
        }
        if (c == 'k')
        {
            var end = text.IndexOfAny(['>', '\''], at + 3);
            var name = text[(at + 3)..end];
            at = end + 1;
            return names.TryGetValue(name, out var number) || int.TryParse(name, out number) ? new Back(number, ignoresCase) : null;
        }
        if (c == 'G') return null;
        var length = c switch { 'x' => 4, 'u' => 6, 'c' => 3, 'p' or 'P' => text.IndexOf('}', at) - at + 1, '0' => OctalLength(), _ => 2 };
        return Set(at + length);
    }

    private int OctalLength()
    {
        var length = 2;
        while (length < 4 && at + length < text.Length && text[at + length] is >= '0' and <= '7') length++;
        return length;
    }

    private PatternNode? Bracketed()
    {
        at++;
        PatternNode? Rest()
        {
            var inside = Alternatives();
            return inside != null && Take(")") ? inside : null;
        }
        if (!Take("?"))
        {
            var number = groups++;
            return Rest() is { } part ? new Group(part, number) : null;
        }
        if (Take(":")) return Rest();
        if (Take("=")) return Rest() is { } ahead ? new Look(ahead, false, false) : null;
        if (Take("!")) return Rest() is { } ahead ? new Look(ahead, false, true) : null;
        if (Take("<=")) return Rest() is { } behind ? new Look(behind, true, false) : null;
        if (Take("<!")) return Rest() is { } behind ? new Look(behind, true, true) : null;
        if (Take(">")) return Rest() is { } kept ? new Atomic(kept) : null;
        if (Is("i:") || Is("-i:"))
        {
            var outer = ignoresCase;
            ignoresCase = Is("i:");
            at = text.IndexOf(':', at) + 1;
            var part = Rest();
            ignoresCase = outer;
            return part;
        }
        if (Is("<") || Is("'"))
        {
            var end = text.IndexOf(Is("<") ? '>' : '\'', at + 1);
            var name = text[(at + 1)..end];
            if (name.Contains('-')) return null;
            at = end + 1;
            if (!names.TryGetValue(name, out var number)) names[name] = number = groups++;
            return Rest() is { } part ? new Group(part, number) : null;
        }
        return null;
    }
}
