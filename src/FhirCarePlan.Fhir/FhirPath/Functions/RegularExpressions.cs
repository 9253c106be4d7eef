using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using FhirCarePlan.Fhir.FhirPath.Operators;

namespace FhirCarePlan.Fhir.FhirPath.Functions;

/// <summary>`matches` and its kin. Patterns run in linear time, or under a time limit where they look around or refer back.
/// http://hl7.org/fhirpath/N1/#matchesregex--string--boolean</summary>
internal static class RegularExpressions
{
    private const int MostCached = 500, LongestPattern = 2000;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(2);
    private static readonly ConcurrentDictionary<string, Regex> Cache = new(StringComparer.Ordinal);

    public static Code Matches(Call call) => Matching(call, static pattern => pattern);

    public static Code MatchesFull(Call call) => Matching(call, static pattern => $"^(?:{pattern})$");

    private static Code Matching(Call call, Func<string, string> around)
    {
        var argument = call.Argument(0);
        // A pattern known at compile time is built when first used: cold starts pay for no rule that is not met.
        var known = argument.ConstantText is { } text ? new Lazy<Regex>(() => Of(around(text))) : null;
        return call.OfChars((e, value) =>
        {
            var regex = known?.Value;
            if (regex is null)
            {
                if (!Call.TryText(e, argument, "matches", out var pattern)) return Truth.Empty;
                regex = Of(around(pattern));
            }
            var began = Begin(regex);
            try
            {
                return regex.IsMatch(value) ? Truth.True : Truth.False;
            }
            catch (RegexMatchTimeoutException)
            {
                throw TooLong();
            }
            finally
            {
                End(e, began);
            }
        });
    }

    public static Code ReplaceMatches(Call call)
    {
        var (pattern, substitution) = (call.Argument(0), call.Argument(1));
        return call.OfText((e, value) =>
        {
            if (!Call.TryText(e, pattern, "replaceMatches", out var find) || !Call.TryText(e, substitution, "replaceMatches", out var by))
                return default;
            if (find.Length == 0) return value;
            var regex = Of(find);
            var began = Begin(regex);
            try
            {
                // Each `$` of the substitution may mean the whole input.
                var length = value.Length + (by.Length + (long)by.Count(c => c == '$') * value.Length) * regex.Count(value);
                if (length > Arithmetic.LongestText * 4L) throw new FhirPathException("The string that `replaceMatches` makes is too long");
                return regex.Replace(value, by);
            }
            catch (RegexMatchTimeoutException)
            {
                throw TooLong();
            }
            finally
            {
                End(e, began);
            }
        });
    }

    /// <summary>Null when the pattern is none, or takes too long.</summary>
    public static bool? MatchesWhole(string text, string pattern)
    {
        try
        {
            return Of($"^(?:{pattern})$").IsMatch(text);
        }
        catch (Exception e) when (e is FhirPathException or RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private static long Begin(Regex regex) => regex.Options.HasFlag(RegexOptions.NonBacktracking) ? 0 : Stopwatch.GetTimestamp();

    /// <summary>A pattern that may backtrack costs steps by the time it takes, so that many patterns just below the limit do not add
    /// up.</summary>
    private static void End(Evaluation e, long began)
    {
        if (began != 0) e.Tick(1 + (int)Stopwatch.GetElapsedTime(began).TotalMilliseconds * 1000);
    }

    private static FhirPathException TooLong() => new("A regular expression takes too long");

    private static Regex Of(string pattern)
    {
        if (Cache.TryGetValue(pattern, out var known)) return known;
        var regex = Build(pattern);
        if (Cache.Count >= MostCached) Cache.Clear();
        return Cache.GetOrAdd(pattern, regex);
    }

    private static Regex Build(string pattern)
    {
        if (pattern.Length > LongestPattern)
            throw new FhirPathException($"A regular expression has {pattern.Length} characters; it must have at most {LongestPattern}");
        var ascii = WithAsciiClasses(pattern);
        const RegexOptions options = RegexOptions.Singleline | RegexOptions.CultureInvariant;
        try
        {
            return new Regex(ascii, options | RegexOptions.NonBacktracking, TimeLimit);
        }
        catch (NotSupportedException)
        {
            return new Regex(ascii, options, TimeLimit);
        }
        catch (ArgumentException)
        {
            throw new FhirPathException($"`{pattern}` is not a regular expression");
        }
    }

    /// <summary>`\d`, `\w` and `\s` mean ASCII, as in the engines that FHIR's own patterns were written for; .NET's also take digits of
    /// other scripts, and count a no-break space as white.</summary>
    public static string WithAsciiClasses(string pattern)
    {
        if (!pattern.Contains('\\')) return pattern;
        var result = new StringBuilder(pattern.Length + 32);
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                var members = Members(pattern[++i]);
                if (members is null) result.Append(c).Append(pattern[i]);
                else result.Append(inClass ? members : $"[{members}]");
                continue;
            }
            if (c == '[') inClass = true;
            else if (c == ']') inClass = false;
            result.Append(c);
        }
        return result.ToString();
    }

    private static string? Members(char shorthand) => shorthand switch
    {
        'd' => "0-9",
        'D' => @"\u0000-/:-\uffff",
        'w' => "a-zA-Z0-9_",
        'W' => @"\u0000-/:-@\u005b-\u005e`\u007b-\uffff",
        's' => @"\t-\r ",
        'S' => @"\u0000-\b\u000e-\u001f!-\uffff",
        _ => null
    };
}
