using System.Collections.Frozen;
using System.Text;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Labelling;

/// <summary>Which of the agreement's code lists a coding is of: one look-up for the code and one for each length of family, whatever the
/// lists hold. A set of lists is a mask, in the order of the agreement. A coding without a system counts as of any system. So does a code
/// with digits of a system that no list names, since terminologies have many addresses: what may be sensitive counts as sensitive
/// (src/docs/sharing.md#labels). https://hl7.org/fhir/R4/datatypes.html#Coding</summary>
internal sealed class CodeIndex
{
    private const int LongestToken = 64, ShortestTelling = 3;

    private readonly record struct Entry(string System, long Lists);

    private readonly FrozenDictionary<string, Entry[]> exact, families;
    private readonly FrozenDictionary<string, Entry[]>.AlternateLookup<ReadOnlySpan<char>> exactBySpan, familiesBySpan;
    private readonly int[] familyLengths;
    private readonly string[] systems;

    public CodeIndex(IReadOnlyList<CodeList> lists)
    {
        var (codes, prefixes) = (new Dictionary<string, List<Entry>>(), new Dictionary<string, List<Entry>>());
        for (var i = 0; i < lists.Count; i++)
            foreach (var (system, listed) in lists[i].Systems)
                foreach (var code in listed)
                    Add(code.EndsWith('*') ? prefixes : codes, Plain(code.TrimEnd('*')), new Entry(system, 1L << i));
        exact = Freeze(codes);
        families = Freeze(prefixes);
        exactBySpan = exact.GetAlternateLookup<ReadOnlySpan<char>>();
        familiesBySpan = families.GetAlternateLookup<ReadOnlySpan<char>>();
        familyLengths = [.. families.Keys.Select(k => k.Length).Distinct().Order()];
        systems = [.. lists.SelectMany(l => l.Systems.Keys).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>The lists that a coding is of.</summary>
    public long Lists(Node coding) => coding["code"] is { IsMissing: false } code ? Lists(code, coding["system"]) : 0;

    /// <param name="code">A primitive: a code, or a text that may be one.</param>
    /// <param name="system">Missing where none is stated.</param>
    public long Lists(Node code, Node system)
    {
        var utf8 = code.Utf8;
        Span<char> token = stackalloc char[LongestToken];
        var (length, isTooLong, lists) = (0, false, 0L);
        // An expression is as sensitive as any code in it: `66590003:246112005=24484000`, `F02.4/B22.0`.
        foreach (var letter in utf8)
            if (IsOfCode(letter))
            {
                if (letter == (byte)'.') continue;
                if (length == LongestToken) isTooLong = true;
                else token[length++] = (char)letter;
            }
            else
            {
                if (!isTooLong) lists |= Of(token[..length], system);
                (length, isTooLong) = (0, false);
            }
        return isTooLong ? lists : lists | Of(token[..length], system);
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

        void Add(Entry[] found)
        {
            foreach (var entry in found)
                if (IsSystem(system, entry.System)) lists |= entry.Lists;
        }
    }

    /// <summary>True when the coding's system is one of which the lists given hold codes.</summary>
    public bool IsOfSameSystem(Node coding, IReadOnlyList<CodeList> of, long lists)
    {
        var system = coding.TextOf("system");
        for (var rest = lists; rest != 0; rest &= rest - 1)
            foreach (var known in of[System.Numerics.BitOperations.TrailingZeroCount(rest)].Systems.Keys)
                if (IsSystem(system, known)) return true;
        return false;
    }

    private long Of(ReadOnlySpan<char> code, Node system)
    {
        if (code.IsEmpty) return 0;
        var lists = exactBySpan.TryGetValue(code, out var entries) ? Of(entries, code, system) : 0;
        foreach (var length in familyLengths)
        {
            if (length > code.Length) break;
            if (familiesBySpan.TryGetValue(code[..length], out entries)) lists |= Of(entries, code, system);
        }
        return lists;
    }

    private long Of(Entry[] entries, ReadOnlySpan<char> code, Node stated)
    {
        var lists = 0L;
        var system = stated.Text;
        // `03` means something else in every system.
        var isAny = code.Length >= ShortestTelling
            && (string.IsNullOrWhiteSpace(system) || code.ContainsAnyInRange('0', '9') && !IsKnown(system));
        foreach (var entry in entries)
            if (isAny || IsSystem(system, entry.System)) lists |= entry.Lists;
        return lists;
    }

    private bool IsKnown(string system)
    {
        foreach (var known in systems)
            if (IsSystem(system, known)) return true;
        return false;
    }

    /// <summary>The system itself, with a version, or an edition of it (`http://snomed.info/sct/999000011000000103`).</summary>
    private static bool IsSystem(string? system, string known) =>
        system is not null && system.StartsWith(known, StringComparison.OrdinalIgnoreCase)
        && (system.Length == known.Length || system[known.Length] is '/' or '|');

    private static bool IsOfCode(byte letter) => letter is (byte)'.' or (byte)'-' or (byte)'_' || char.IsAsciiLetterOrDigit((char)letter);

    private static string Plain(string code) => code.Replace(".", "", StringComparison.Ordinal);

    private static void Add(Dictionary<string, List<Entry>> to, string code, Entry entry)
    {
        if (!to.TryGetValue(code, out var entries)) to[code] = entries = [];
        var at = entries.FindIndex(e => e.System == entry.System);
        if (at < 0) entries.Add(entry);
        else entries[at] = new Entry(entry.System, entries[at].Lists | entry.Lists);
    }

    private static FrozenDictionary<string, Entry[]> Freeze(Dictionary<string, List<Entry>> entries)
    {
        var merged = new Dictionary<string, Entry[]>(StringComparer.OrdinalIgnoreCase);
        foreach (var (code, of) in entries) merged[code] = merged.TryGetValue(code, out var before) ? [.. before, .. of] : [.. of];
        return merged.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
