using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Labelling;

/// <summary>Which of the agreement's code lists a coding is of: one look-up for the code and one for each length of family, whatever the
/// lists hold. A set of lists is a mask, in the order of the agreement, with a bit for a code of a clinical terminology that no list names.
/// A coding without a system counts as of any system. So does a code with digits of a system that no list names, since terminologies have
/// many addresses: what may be sensitive counts as sensitive (src/docs/sharing.md#codes).
/// https://hl7.org/fhir/R4/datatypes.html#Coding</summary>
internal sealed class CodeIndex
{
    /// <summary>Beside the lists: a code that none of them names.</summary>
    public const long Unlisted = 1L << CodeList.Limit;

    private const int LongestToken = 64, LongestOnStack = 256, Remembered = 2000;

    private readonly FrozenDictionary<string, ListedCode[]> exact, families;
    private readonly FrozenDictionary<string, ListedCode[]>.AlternateLookup<ReadOnlySpan<char>> exactBySpan, familiesBySpan;
    private readonly (string From, string To, ListedCode Of)[] ranges;
    // By the first letter of the codes that may lie in them: most codes are compared with none.
    private readonly (string From, string To, ListedCode[] Of)[][] rangesByLetter = new (string, string, ListedCode[])[128][];
    private readonly int[] familyLengths;
    private readonly string[] systems;
    private readonly HashSet<Terminology> judged;
    private readonly ConcurrentDictionary<string, StatedSystem> stated = new(StringComparer.Ordinal);

    /// <param name="unlistedOf">The terminologies whose other codes count as unlisted.</param>
    public CodeIndex(IReadOnlyList<CodeList> lists, IEnumerable<string> unlistedOf)
    {
        var (codes, prefixes) = (new Dictionary<string, List<ListedCode>>(), new Dictionary<string, List<ListedCode>>());
        var spans = new List<(string, string, ListedCode)>();
        for (var i = 0; i < lists.Count; i++)
            foreach (var (system, listed) in lists[i].Systems)
                foreach (var code in listed)
                {
                    var entry = new ListedCode(system, Terminologies.Of(system), 1L << i);
                    if (code.Split(CodeList.To) is [var from, var to]) spans.Add((Plain(from), Plain(to), entry));
                    else ListedCode.Add(code.EndsWith('*') ? prefixes : codes, Plain(code.TrimEnd('*')), entry);
                }
        ranges = [.. spans];
        for (var letter = 0; letter < rangesByLetter.Length; letter++)
            rangesByLetter[letter] = [.. ranges.Where(r => MayHold(r, (char)letter)).Select(r => (r.From, r.To, new[] { r.Of }))];
        exact = ListedCode.Freeze(codes);
        families = ListedCode.Freeze(prefixes);
        exactBySpan = exact.GetAlternateLookup<ReadOnlySpan<char>>();
        familiesBySpan = families.GetAlternateLookup<ReadOnlySpan<char>>();
        familyLengths = [.. families.Keys.Select(k => k.Length).Distinct().Order()];
        systems = [.. lists.SelectMany(l => l.Systems.Keys).Select(Terminologies.Plain).Distinct(StringComparer.OrdinalIgnoreCase)];
        judged = [.. unlistedOf.Select(Terminologies.Of).OfType<Terminology>()];
    }

    /// <summary>The lists that a coding is of.</summary>
    public long Lists(Node coding) => coding["code"] is { IsMissing: false } code ? Lists(code, coding["system"]) : 0;

    /// <param name="code">A primitive: a code, or a text that may be one.</param>
    /// <param name="system">Missing where none is stated.</param>
    public long Lists(Node code, Node system)
    {
        var utf8 = code.Utf8;
        if (utf8.IsEmpty) return 0;
        var of = StatedIn(system);
        if (!Ascii.IsValid(utf8)) return Lists(CodeText.Fold(Encoding.UTF8.GetString(utf8)), of);
        Span<char> text = utf8.Length <= LongestOnStack ? stackalloc char[utf8.Length] : new char[utf8.Length];
        Encoding.ASCII.GetChars(utf8, text);
        return Lists(text, of);
    }

    private StatedSystem StatedIn(Node system)
    {
        if (system.IsMissing || system.Text is not { } text || string.IsNullOrWhiteSpace(text)) return default;
        if (stated.TryGetValue(text, out var known)) return known;
        known = new StatedSystem(text, systems);
        if (stated.Count < Remembered) stated[text] = known;
        return known;
    }

    /// <summary>The lists of the codes in a text that tell what they are: an id of SNOMED CT, a code of ICD-10 with its dot.</summary>
    public long ListsIn(Node text)
    {
        var folded = CodeText.Fold(text.Text!);
        var lists = 0L;
        foreach (var range in folded.AsSpan().SplitAny(" \t\r\n,;:()[]|/\"'"))
        {
            var word = folded.AsSpan()[range].TrimEnd('.');
            if (word.Length is < 5 or > LongestToken || !CodeForms.IsTelling(word.ToString())) continue;
            lists |= Lists(word, default);
        }
        return lists;
    }

    private long Lists(ReadOnlySpan<char> text, StatedSystem stated)
    {
        Span<char> token = stackalloc char[LongestToken];
        var (length, isTooLong, hasBlank, lists, isNamed, isUnnamed) = (0, false, false, 0L, false, false);
        // An expression is as sensitive as any code in it: `66590003:246112005=24484000`, `F02.4/B22.0`.
        for (var i = 0; i <= text.Length; i++)
            if (i < text.Length && IsOfCode(text[i]))
            {
                if (text[i] == '.') continue;
                if (length == LongestToken) isTooLong = true;
                else token[length++] = text[i];
            }
            else
            {
                if (!isTooLong && length > 0) Judge(token[..length]);
                if (i < text.Length) hasBlank |= text[i] is ' ' or '\t';
                (length, isTooLong) = (0, false);
            }
        // `F 10.2` is read as `F10.2`.
        if (hasBlank && text.Length <= LongestToken)
        {
            foreach (var letter in text)
                if (IsOfCode(letter) && letter != '.') token[length++] = letter;
            lists |= Of(token[..length], stated);
        }
        if (stated.Terminology is { } of && judged.Contains(of) && !isNamed && lists == 0) isUnnamed = true;
        return isUnnamed ? lists | Unlisted : lists;

        void Judge(ReadOnlySpan<char> code)
        {
            var found = Of(code, stated) | Between(code, stated);
            lists |= found;
            if (found != 0) isNamed = true;
            else if (IsCode(code, stated)) isUnnamed = true;
        }
    }

    /// <summary>The lists that hold exactly this code of exactly this system: what opens something is never guessed.</summary>
    public long ExactLists(Node coding)
    {
        if (coding["system"] is not { IsMissing: false } || coding.TextOf("code") is not { Length: > 0 and <= LongestToken } code) return 0;
        var plain = Plain(code);
        var system = coding.TextOf("system");
        var lists = 0L;
        if (exact.TryGetValue(plain, out var entries)) Add(entries);
        foreach (var length in familyLengths)
            if (length <= plain.Length && familiesBySpan.TryGetValue(plain.AsSpan(0, length), out entries)) Add(entries);
        return lists;

        void Add(ListedCode[] found)
        {
            foreach (var entry in found)
                if (ListedCode.IsSystem(system, entry.System)) lists |= entry.Lists;
        }
    }

    /// <summary>True when the coding's system is one of which the lists given hold codes.</summary>
    public static bool IsOfSameSystem(Node coding, IReadOnlyList<CodeList> of, long lists)
    {
        var system = coding.TextOf("system");
        for (var rest = lists; rest != 0; rest &= rest - 1)
            foreach (var known in of[System.Numerics.BitOperations.TrailingZeroCount(rest)].Systems.Keys)
                if (ListedCode.IsSystem(system, known)) return true;
        return false;
    }

    private long Of(ReadOnlySpan<char> code, StatedSystem stated)
    {
        if (code.IsEmpty) return 0;
        var lists = exactBySpan.TryGetValue(code, out var entries) ? stated.Of(entries, code) : 0;
        foreach (var length in familyLengths)
        {
            if (length > code.Length) break;
            if (familiesBySpan.TryGetValue(code[..length], out entries)) lists |= stated.Of(entries, code);
        }
        foreach (var (from, to, of) in rangesByLetter[code[0]])
            if (code.Length >= from.Length && IsFrom(code, from) && IsTo(code, to)) lists |= stated.Of(of, code);
        // Senders pad numbers.
        return code[0] == '0' && code.Length > StatedSystem.ShortestTelling ? lists | Of(code[1..], stated) : lists;
    }

    /// <summary>A block, `F10-F19`: whatever lies in it.</summary>
    private long Between(ReadOnlySpan<char> code, StatedSystem stated)
    {
        if (stated.Terminology is not { } of || of == Terminologies.Loinc || code.IndexOf('-') is not (> 0 and var dash)) return 0;
        var from = code[..dash];
        var to = code[(dash + 1)..];
        if (to.IsEmpty) return 0;
        var lists = Of(from, stated) | Of(to, stated);
        foreach (var (listed, entries) in families)
            if (IsFrom(listed, from) && IsTo(listed, to)) lists |= stated.Of(entries, listed);
        foreach (var (listed, entries) in exact)
            if (IsFrom(listed, from) && IsTo(listed, to)) lists |= stated.Of(entries, listed);
        foreach (var (start, end, entry) in ranges)
            if (IsTo(start, to) && IsFrom(end, from)) lists |= stated.Of([entry], start);
        return lists;
    }

    private static bool IsFrom(ReadOnlySpan<char> code, ReadOnlySpan<char> from) =>
        code[..Math.Min(code.Length, from.Length)].CompareTo(from, StringComparison.OrdinalIgnoreCase) >= 0;

    private static bool IsTo(ReadOnlySpan<char> code, ReadOnlySpan<char> to) =>
        code[..Math.Min(code.Length, to.Length)].CompareTo(to, StringComparison.OrdinalIgnoreCase) <= 0;

    /// <summary>True for a text that is a code of a judged terminology: of the one stated, or, if none is, one that tells whose it
    /// is.</summary>
    private bool IsCode(ReadOnlySpan<char> code, StatedSystem stated)
    {
        if (stated.Terminology is { } of)
            return judged.Contains(of) && (of != Terminologies.Snomed || code.Length > 5 && !code.ContainsAnyExceptInRange('0', '9'));
        if (stated.IsOfThisWorld) return false;
        if (code.Length is >= 6 and <= 18 && !code.ContainsAnyExceptInRange('0', '9'))
            return judged.Contains(Terminologies.Snomed) && SnomedId.IsConcept(code.ToString());
        return code.Length is 3 or 4 && char.IsAsciiLetterUpper(code[0]) && !code[1..].ContainsAnyExceptInRange('0', '9')
            && judged.Contains(Terminologies.Icd10);
    }

    private static bool MayHold((string From, string To, ListedCode Of) range, char letter) =>
        IsFrom([letter], range.From.AsSpan(0, 1)) && IsTo([letter], range.To.AsSpan(0, 1));

    private static bool IsOfCode(char letter) => letter is '.' or '-' or '_' || char.IsAsciiLetterOrDigit(letter);

    private static string Plain(string code) => code.Replace(".", "", StringComparison.Ordinal);
}
