using FhirCarePlan.Fhir.FhirPath;

namespace FhirCarePlan.Fhir.Tests.FhirPath;

/// <summary>Expressions from outside may be anything: they end, and they end with a result or a FhirPathException.</summary>
public class LimitsTests
{
    private static readonly FhirPathContext Limited = Given.Context with { MaxSteps = 100_000 };

    public static IEnumerable<object[]> Attacks =>
    [
        [string.Concat(Enumerable.Repeat("(", 5000))],
        [string.Join('+', Enumerable.Repeat("1", 5000))],
        [string.Join('.', Enumerable.Repeat("a", 5000))],
        [string.Concat(Enumerable.Repeat("-", 5000)) + "1"],
        [string.Concat(Enumerable.Repeat("iif(true,", 2000)) + "1" + new string(')', 2000)],
        [new string('a', 30_000)],
        ["(1|2|3|4|5|6|7|8|9).repeat($this + 1)"],
        ["(1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17|18|19|20|21|22|23|24|25|26|27|28|29|30).aggregate($total.combine($total), 1)"],
        ["(1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17|18|19|20|21|22|23|24|25|26|27|28|29|30).aggregate($total & $total, 'aaaa')"],
        ["(1|2|3|4|5|6|7|8|9|10|11|12|13|14).aggregate($total.replace('a', 'aaaa'), 'aaaa')"],
        ["(1|2|3|4|5|6|7|8|9|10|11|12|13|14).aggregate($total.replaceMatches('a', '$_$_'), 'aaaa')"],
        ["(1|2|3|4|5|6|7|8|9|10|11|12|13|14).aggregate($total.toChars().combine($total.toChars()).join(), 'aaaa')"],
        ["repeat(descendants() | %resource.descendants().select(%resource.descendants().select(%resource.descendants())))"],
    ];

    [Theory, MemberData(nameof(Attacks))]
    public void Too_much_is_refused(string expression) => Assert.Equal("error", Given.Result(expression, Given.Patient, Limited));

    [Theory]
    [InlineData("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.matches('^(a+)+$')", "false")]
    [InlineData("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.matches('^(a+)+\\\\1$')", "error")]
    [InlineData("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.matches('^((a{1,1000}){1,1000}){1,1000}$')", "error")]
    public void Regular_expressions_cannot_run_away(string expression, string result) =>
        Assert.Equal(result, Given.Result(expression, default, Limited));

    [Fact]
    public void Expressions_that_share_a_budget_cannot_add_up()
    {
        var context = Given.Context with { Budget = new StepBudget(10_000) };
        Assert.Equal("true", Given.Result("descendants().count() > 20", Given.Patient, context));
        var answers = Enumerable.Range(0, 1000)
            .Select(_ => Given.Result("descendants().where($this is string).count() > 5", Given.Patient, context)).ToList();
        Assert.Equal(("true", "error"), (answers[0], answers[^1]));
        Assert.True(context.Budget.Left <= 0);
    }

    /// <summary>Words of the language in random order: only a FhirPathException may leave the engine.</summary>
    [Fact]
    public void Nonsense_is_answered_calmly()
    {
        string[] words =
        [
            "name", "given", ".", ".", ".", "(", ")", "[", "]", "{}", "'a'", "'2020-01-01'", "1", "0", "-1", "2.50", "@2020", "@T10:00",
                "4 days", "1 'mg'", "true", "$this", "$index", "$total",
            "%resource", "=", "~", "!=", "<", ">=", "+", "-", "*", "/", "div", "mod", "&", "|", "in", "contains", "and", "or", "implies",
                "is", "as", "Patient", "string", "System.Integer", ",",
            "where(", "select(", "all(", "repeat(", "iif(", "aggregate(", "sort(", "extension(", "count()", "first()", "descendants()",
                "children()", "toString()", "toQuantity()", "toDate()", "type()",
            "resolve()", "matches('a')", "79228162514264337593543950335.0", "0.0000000000000000000000000001", "'\\ud800'", "@9999-12-31",
                "@T23:59", "@0001-01-01T00:00:00+14:00",
            "1000000000 days", "2147483647", "7 months", "encode('hex')", "decode('base64')", "escape('json')", "unescape('json')",
                "power(-200)", "toChars()", "join()", "upper()", "comparable(1 's')", "substring(0)", "power(2)", "round(40)",
                "lowBoundary(", "highBoundary()", "memberOf('x')", "htmlChecks()", "not()", "trace('x')", "now()", "ofType(code)"
        ];
        var random = new Random(20240517);
        var answers = 0;
        for (var i = 0; i < 60_000; i++)
        {
            var text = string.Join(random.Next(4) == 0 ? "" : " ", Enumerable.Range(0, random.Next(1, 9))
                .Select(_ => words[random.Next(words.Length)]));
            if (random.Next(3) == 0)
                text += new string(')', text.Count(c => c == '(') - Math.Min(text.Count(c => c == '('), text.Count(c => c == ')')));
            if (Given.Result(text, Given.Patient, Limited) != "error") answers++;
        }
        Assert.True(answers > 1000, $"{answers} made sense");
    }

    [Fact]
    public void First_use_from_many_threads_is_safe()
    {
        var expression =
            FhirPathExpression.Compile("name.where(use = 'usual').given.matches('^J') and contained.name.exists() and name.count() = 2");
        Parallel.For(0, 2000, _ => Assert.True(expression.Test(Given.Patient, Given.Context)));
    }

    [Fact]
    public void An_expression_may_run_inside_of_another()
    {
        var inner = FhirPathExpression.Compile("name.given.count() = 3");
        var context = Given.Context with { ConformsTo = (node, _) => inner.Test(node, Given.Context) };
        Assert.Equal("true, Peter", Given.Result("conformsTo('urn:x') | name.given.first()", Given.Patient, context));
    }

    [Fact]
    public void Compiling_twice_gives_the_same() =>
        Assert.Same(FhirPathExpression.Compile("name.given"), FhirPathExpression.Compile("name.given"));
}
