namespace FhirCarePlan.Fhir.Tests.FhirPath.Functions;

public class CollectionFunctionsTests
{
    [Theory]
    [InlineData("name.exists(given = 'Jim')", "true")]
    [InlineData("name.all(given.exists())", "true")]
    [InlineData("name.all(family.exists())", "false")]
    [InlineData("link.all(false)", "true")]
    [InlineData("(true | false).allTrue()", "false")]
    [InlineData("(true | false).anyTrue()", "true")]
    [InlineData("{}.allTrue()", "true")]
    [InlineData("(1 | 2).allTrue()", "error")]
    [InlineData("(1 | 2).subsetOf(1 | 2 | 3)", "true")]
    [InlineData("(1 | 2).supersetOf(1 | 3)", "false")]
    [InlineData("1.combine(1).distinct().count()", "1")]
    [InlineData("1.combine(1).isDistinct()", "false")]
    [InlineData("name.empty().not()", "true")]
    [InlineData("name.not()", "error")]
    public void Existence(string expression, string result) => Assert.Equal(result, Given.Result(expression, Given.Patient));

    [Theory]
    [InlineData("name.where(use = 'usual').given", "Jim")]
    [InlineData("name.select(given.first() & family)", "PeterChalmers, Jim")]
    [InlineData("name.select(given | family)", "Peter, James, Chalmers, Jim")]
    [InlineData("name.given.where($index > 0)", "James, Jim")]
    [InlineData("name.given[0]", "Peter")]
    [InlineData("name.given[9]", "")]
    [InlineData("name.given.first() | name.given.last()", "Peter, Jim")]
    [InlineData("name.given.tail()", "James, Jim")]
    [InlineData("name.given.skip(1).take(1)", "James")]
    [InlineData("name.given.skip(-1).count()", "3")]
    [InlineData("name.single()", "error")]
    [InlineData("link.single()", "")]
    [InlineData("name.given.intersect('Jim' | 'Bob')", "Jim")]
    [InlineData("name.given.exclude('Jim')", "Peter, James")]
    [InlineData("1.combine(1 | 2)", "1, 1, 2")]
    [InlineData("1.union(1 | 2)", "1, 2")]
    [InlineData("(3 | 1 | 2).sort()", "1, 2, 3")]
    [InlineData("(3 | 1 | 2).sort(-$this)", "3, 2, 1")]
    [InlineData("('a' | 1).sort()", "error")]
    [InlineData("(1 | 2 | 3).aggregate($this + $total, 0)", "6")]
    [InlineData("(1 | 2 | 3).aggregate($total | $this)", "1, 2, 3")]
    [InlineData("$total", "error")]
    public void Filtering_and_subsetting(string expression, string result) => Assert.Equal(result, Given.Result(expression, Given.Patient));

    [Fact]
    public void Repeat_searches_what_it_found_until_nothing_is_new()
    {
        var form =
            Given.Resource("""{"resourceType":"Questionnaire","item":[{"linkId":"1","item":[{"linkId":"1.1","item":[{"linkId":"1.1.1"}]}]},{"linkId":"2"}]}""");
        Assert.Equal("1, 2, 1.1, 1.1.1", Given.Result("repeat(item).linkId", form));
        Assert.Equal("x", Given.Result("item.repeat('x')", form));
    }

    [Theory]
    [InlineData("name[1].children()", "usual, Jim")]
    [InlineData("name[0].descendants().count()", "4")]
    [InlineData("descendants().where($this is HumanName).count()", "2")]
    public void Tree_navigation(string expression, string result) => Assert.Equal(result, Given.Result(expression, Given.Patient));

    /// <summary>Beyond a few items sets are kept by hash; a hash that disagrees with `=` would let doubles through.</summary>
    [Fact]
    public void Long_lists_know_their_doubles()
    {
        var entries = string.Join(',', Enumerable.Range(0, 100)
            .Select(i => $$"""{"linkId":"{{i % 50}}","text":"{{(char)('a' + i % 2)}}"}"""));
        var form = Given.Resource($$"""{"resourceType":"Questionnaire","item":[{{entries}}]}""");
        Assert.Equal("50", Given.Result("item.linkId.distinct().count()", form));
        Assert.Equal("50", Given.Result("item.distinct().count()", form));
        Assert.Equal("false", Given.Result("item.linkId.isDistinct()", form));
        Assert.Equal("100", Given.Result("item.select($index | 1.0).skip(0).distinct().count()", form));
    }
}
