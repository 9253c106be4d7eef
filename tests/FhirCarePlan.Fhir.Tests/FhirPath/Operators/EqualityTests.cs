namespace FhirCarePlan.Fhir.Tests.FhirPath.Operators;

public class EqualityTests
{
    [Theory]
    [InlineData("1 = 1.0", "true")]
    [InlineData("'a' = 'A'", "false")]
    [InlineData("'1' = 1", "false")]
    [InlineData("{} = 1", "")]
    [InlineData("(1 | 2) = (2 | 1)", "false")]
    [InlineData("@2012 = @2013-01", "false")]
    [InlineData("@2012 = @2012-01", "")]
    [InlineData("@2012-04-15T15:00:00+02:00 = @2012-04-15T13:00:00Z", "true")]
    [InlineData("@2012-04-15T15:00:00Z = @2012-04-16T15:00:00", "false")]
    [InlineData("@2012-04-15T15:00:00Z = @2012-04-15T15:00:00", "")]
    [InlineData("@T10:00 = @2012", "false")]
    [InlineData("1 'g' = 1000 'mg'", "true")]
    [InlineData("1 'g' = 1 'm'", "")]
    [InlineData("1 year = 1 'a'", "")]
    [InlineData("1 year = 12 months", "true")]
    [InlineData("7 days = 1 'wk'", "true")]
    [InlineData("1 = 1 '1'", "true")]
    [InlineData("20 'Cel' = 68 '[degF]'", "true")]
    public void Values_compare(string expression, string result) => Assert.Equal(result, Given.Result(expression));

    [Theory]
    [InlineData("gender = 'male'", "true")]
    [InlineData("name[0] = name[0]", "true")]
    [InlineData("name[0] = name[1]", "false")]
    [InlineData("name.given = 'Peter' | 'James' | 'Jim'", "true")]
    [InlineData("birthDate = @1974-12-25", "true")]
    [InlineData("active = true", "true")]
    [InlineData("multipleBirth = 2.0", "true")]
    [InlineData("name = 'x'", "false")]
    [InlineData("name[0] = 'x'", "false")]
    public void Elements_compare_by_value_or_by_children(string expression, string result) =>
        Assert.Equal(result, Given.Result(expression, Given.Patient));

    [Theory]
    [InlineData("'A  b' ~ 'a\\t b'", "true")]
    [InlineData("{} ~ {}", "true")]
    [InlineData("1 ~ {}", "false")]
    [InlineData("(1 | 2) ~ (2 | 1)", "true")]
    [InlineData("1.1 ~ 1.14", "true")]
    [InlineData("1.10 ~ 1.14", "true")]
    [InlineData("1 year ~ 1 'a'", "true")]
    [InlineData("@2012 ~ @2012-01", "false")]
    [InlineData("4 'g' ~ 4040 'mg'", "true")]
    [InlineData("4040 'mg' ~ 4 'g'", "true")]
    public void Values_are_equivalent(string expression, string result) => Assert.Equal(result, Given.Result(expression));

    [Fact]
    public void Equivalence_is_blind_to_the_order_of_elements()
    {
        var coded =
            Given.Resource("""{"resourceType":"Observation","category":[{"coding":[{"code":"a"},{"code":"b"}]},{"coding":[{"code":"B"},{"code":"A"}]}]}""");
        Assert.Equal("true", Given.Result("category[0] ~ category[1]", coded));
        Assert.Equal("false", Given.Result("category[0] = category[1]", coded));
    }

    /// <summary>Literals are compared with the bytes of the source, where the same text may be written in several ways.</summary>
    [Theory]
    [InlineData(@"a\u0062c", "'abc'", "true")]
    [InlineData(@"a\u0062c", "'abd'", "false")]
    [InlineData(@"a\u0062c", "'a\\u0062c'", "true")]
    [InlineData(@"a\\u0062c", "'a\\\\u0062c'", "true")]
    [InlineData(@"a\\b", "'a\\\\b'", "true")]
    [InlineData(@"a\\b", "'a\\\\\\\\b'", "false")]
    [InlineData("é", "'\\u00e9'", "true")]
    [InlineData("\\u00e9", "'é'", "true")]
    [InlineData("12", "12", "false")]
    public void Text_is_what_it_says_not_how_it_is_written(string written, string literal, string result)
    {
        var node = Given.Resource($$"""{"resourceType":"Basic","extension":[{"url":"{{written}}","valueString":"{{written}}"}]}""");
        Assert.Equal(result, Given.Result($"extension.value = {literal}", node));
        Assert.Equal(result, Given.Result($"extension.value in ({literal} | 'other')", node));
        if (literal != "12") Assert.Equal(result, Given.Result($"extension({literal}).exists()", node));
        Assert.Equal("true", Given.Result("extension.value = extension.url", node));
    }
}
