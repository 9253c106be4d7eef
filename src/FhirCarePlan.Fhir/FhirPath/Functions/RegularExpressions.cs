using FhirCarePlan.Fhir.FhirPath.Operators;
using FhirCarePlan.Fhir.FhirPath.Patterns;

namespace FhirCarePlan.Fhir.FhirPath.Functions;

/// <summary>`matches` and its kin. http://hl7.org/fhirpath/N1/#matchesregex--string--boolean</summary>
internal static class RegularExpressions
{
    private const long StepsAlone = 1_000_000;

    public static Code Matches(Call call) => Matching(call, static pattern => pattern);

    public static Code MatchesFull(Call call) => Matching(call, static pattern => $"^(?:{pattern})$");

    private static Code Matching(Call call, Func<string, string> around)
    {
        var argument = call.Argument(0);
        // A pattern known at compile time is built when first used: cold starts pay for no rule that is not met.
        var known = argument.ConstantText is { } text ? new Lazy<Pattern>(() => Pattern.Of(around(text))) : null;
        return call.OfChars((e, value) =>
        {
            var pattern = known?.Value;
            if (pattern is null)
            {
                if (!Call.TryText(e, argument, "matches", out var given)) return Truth.Empty;
                pattern = Pattern.Of(around(given));
            }
            var steps = Steps(e);
            var left = steps;
            try
            {
                return pattern.IsMatch(value, ref left) ? Truth.True : Truth.False;
            }
            finally
            {
                e.Spend(steps - left);
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
            var steps = Steps(e);
            var left = steps;
            try
            {
                return Pattern.Of(find).Replace(value, by, Arithmetic.LongestText * 4, ref left)
                    ?? throw new FhirPathLimitException("The string that `replaceMatches` makes is too long");
            }
            finally
            {
                e.Spend(steps - left);
            }
        });
    }

    /// <summary>Null when the pattern is none, or takes too many steps.</summary>
    public static bool? MatchesWhole(string text, string pattern)
    {
        try
        {
            var steps = StepsAlone;
            return Pattern.Of($"^(?:{pattern})$").IsMatch(text, ref steps);
        }
        catch (FhirPathException)
        {
            return null;
        }
    }

    /// <summary>An expression of ours may take what one match may take.</summary>
    private static long Steps(Evaluation e) => Math.Min(e.Left, StepsAlone);
}
