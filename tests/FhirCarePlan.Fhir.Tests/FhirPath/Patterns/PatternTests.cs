using System.Text.RegularExpressions;
using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.FhirPath.Patterns;

namespace FhirCarePlan.Fhir.Tests.FhirPath.Patterns;

public class PatternTests
{
    private static readonly string[] Texts =
        ["", "a", "ab", "abab", "aab", "xaby", "foo123", "foo", "123", "a\nb", "ABab", "say \"x\"", "2024-01-31", "aa-aa", "aa-bb", "{1}", "Éa", "a b  c\n"];

    /// <summary>Patterns that .NET runs by trial and error: the counted engine finds the same.</summary>
    [Theory]
    [InlineData("(?=a)ab")]
    [InlineData("^(?!foo).*$")]
    [InlineData("(?<=o)1")]
    [InlineData("(?<!a)b")]
    [InlineData("(?<=a+?)b")]
    [InlineData("(?<=(a|ab))b")]
    [InlineData("^(.+)\\1$")]
    [InlineData("^(?<w>\\w+)-\\k<w>$")]
    [InlineData("(?i)(a)(?=B)")]
    [InlineData("(?i:A)b(?=)")]
    [InlineData("(?>a+)b")]
    [InlineData("(?>a+)ab")]
    [InlineData("(a*)*(?=b)")]
    [InlineData("(a|)*?(?=b)b")]
    [InlineData("^[^\\s\\d]{1,3}(?=\\d{3}$)")]
    [InlineData("[\\w-[a-z]]+(?=a)")]
    [InlineData("\\bfoo(?=\\d)")]
    [InlineData("\\B1(?=2)")]
    [InlineData("^\\{\\d\\}(?=)$")]
    [InlineData("a(?=\\z)|b(?=\\Z)|c(?=$)")]
    [InlineData("\\p{Lu}(?=a)")]
    [InlineData("(?#words)(\\d{4})-(?=01)")]
    [InlineData("x{0}a(?=b)")]
    [InlineData("(a(?=b)b){2}")]
    [InlineData("([\"'])x\\1")]
    [InlineData("\\u0061(?=\\x62)")]
    public void Finds_what_dotnet_finds(string pattern)
    {
        var regex = new Regex(AsciiClasses.In(pattern), RegexOptions.Singleline | RegexOptions.CultureInvariant);
        foreach (var text in Texts)
        {
            var steps = 100_000L;
            Assert.True(regex.IsMatch(text) == Pattern.Of(pattern).IsMatch(text, ref steps), $"{pattern} on `{text}`");
            steps = 100_000L;
            Assert.Equal(regex.Replace(text, "<$&|$$>"), Pattern.Of(pattern).Replace(text, "<$&|$$>", 10_000, ref steps));
        }
    }

    [Theory]
    [InlineData("(\\w)(\\d)(?=\\d)", "$2$1")]
    [InlineData("(?<a>\\w)(?<b>\\d)(?=\\d)", "${b}${a}$3$")]
    [InlineData("(x)?o(?=1)", "[$1]")]
    public void Replaces_as_dotnet_does(string pattern, string by)
    {
        var steps = 10_000L;
        Assert.Equal(Regex.Replace("foo123", pattern, by), Pattern.Of(pattern).Replace("foo123", by, 1000, ref steps));
    }

    [Theory]
    [InlineData("^(a+)+\\1$", 60)]
    [InlineData("^(?=(a|aa)+$)b", 60)]
    [InlineData("(?<=(a+)+)b", 3000)]
    public void Ends_after_as_many_steps_as_it_may_take(string pattern, int length)
    {
        var text = new string('a', length) + "!";
        var steps = 100_000L;
        Assert.Throws<FhirPathLimitException>(() => Pattern.Of(pattern).IsMatch(text, ref steps));
    }

    [Theory]
    [InlineData("((a{1,1000}){1,1000}){1,1000}")]
    [InlineData("((a{1,200}){1,200}){1,200}(?=b)")]
    public void Repetitions_of_repetitions_have_a_limit(string pattern) => Assert.Throws<FhirPathLimitException>(() => Pattern.Of(pattern));

    [Fact]
    public void A_long_text_is_no_deep_stack()
    {
        var steps = 10_000_000L;
        Assert.True(Pattern.Of("^(?:(?=a)a)*$").IsMatch(new string('a', 200_000), ref steps));
    }

    [Theory]
    [InlineData("(")]
    [InlineData("a{2,1}")]
    [InlineData("(?(1)a|b)(?=c)")]
    public void What_is_none_is_refused(string pattern) => Assert.Throws<FhirPathException>(() => Pattern.Of(pattern));
}
