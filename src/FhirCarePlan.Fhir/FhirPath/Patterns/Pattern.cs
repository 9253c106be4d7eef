using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;

namespace FhirCarePlan.Fhir.FhirPath.Patterns;

/// <summary>A regular expression from outside. Work bounds it, not the clock: the same text gives the same answer on a slow machine.
/// .NET's engine without backtracking runs what it can, in time that grows with the text; a pattern that looks around or refers back runs
/// on steps that are counted.</summary>
internal sealed class Pattern
{
    private const int MostCached = 500, Longest = 2000;
    private const long Largest = 1_000_000;
    private const RegexOptions Options = RegexOptions.Singleline | RegexOptions.CultureInvariant;

    private static readonly ConcurrentDictionary<string, Pattern> Cache = new(StringComparer.Ordinal);

    private readonly Regex? linear;
    private readonly PatternMatcher? matcher;
    private readonly long size;
    private readonly IReadOnlyDictionary<string, int> names = new Dictionary<string, int>();

    private Pattern(string pattern)
    {
        if (pattern.Length > Longest)
            throw new FhirPathException($"A regular expression has {pattern.Length} characters; it must have at most {Longest}");
        var ascii = AsciiClasses.In(pattern);
        try
        {
            _ = new Regex(ascii, Options); // only .NET knows all of its syntax
        }
        catch (ArgumentException)
        {
            throw new FhirPathException($"`{pattern}` is not a regular expression");
        }
        var parsed = PatternParser.Parse(ascii);
        size = parsed?.Root.Size ?? pattern.Length;
        if (size > Largest) throw new FhirPathLimitException("A regular expression repeats too much");
        try
        {
            linear = new Regex(ascii, Options | RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException)
        {
            if (parsed is not var (root, groups, named)) throw new FhirPathException($"`{pattern}` uses what regular expressions do not have here");
            if (size > PatternProgram.Most) throw new FhirPathLimitException("A regular expression repeats too much");
            matcher = new PatternMatcher(PatternProgram.Of(root, groups));
            names = named;
        }
    }

    /// <exception cref="FhirPathException">The pattern is not a regular expression, or its program is too large.</exception>
    public static Pattern Of(string pattern)
    {
        if (Cache.TryGetValue(pattern, out var known)) return known;
        var made = new Pattern(pattern);
        if (Cache.Count >= MostCached) Cache.Clear();
        return Cache.GetOrAdd(pattern, made);
    }

    /// <param name="steps">How many may be taken; what is left.</param>
    /// <exception cref="FhirPathLimitException">They do not suffice.</exception>
    public bool IsMatch(ReadOnlySpan<char> text, ref long steps)
    {
        if (matcher != null) return matcher.Match(text, 0, ref steps) != null;
        Charge(text.Length, ref steps);
        return linear!.IsMatch(text);
    }

    /// <summary>The text with every match replaced, or null when it grows beyond the limit. `$1`, `${name}`, `$&amp;` and `$$` mean what they
    /// do in .NET.</summary>
    public string? Replace(string text, string by, int longest, ref long steps)
    {
        if (linear != null)
        {
            Charge(text.Length, ref steps);
            // Each `$` of the substitution may mean the whole input.
            var length = text.Length + (by.Length + (long)by.Count(c => c == '$') * text.Length) * linear.Count(text);
            return length > longest ? null : linear.Replace(text, by);
        }
        var result = new StringBuilder();
        var copied = 0;
        for (var at = 0; at <= text.Length && matcher!.Match(text, at, ref steps) is { } marks;)
        {
            result.Append(text, copied, marks[0] - copied);
            Substitution.Append(result, text, by, marks, names);
            copied = marks[1];
            at = marks[1] > marks[0] ? marks[1] : marks[1] + 1;
            if (result.Length > longest) return null;
        }
        return result.Append(text, copied, text.Length - copied).ToString();
    }

    /// <summary>At worst each character meets each state.</summary>
    private void Charge(int length, ref long steps)
    {
        if ((steps -= 1 + (length * size >> 10)) < 0) throw new FhirPathLimitException("A regular expression takes too many steps");
    }
}
