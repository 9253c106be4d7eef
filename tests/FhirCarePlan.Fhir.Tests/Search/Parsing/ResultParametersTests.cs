using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Fhir.Tests.Search.Parsing;

public sealed class ResultParametersTests
{
    [Fact]
    public void Without_them_a_page_has_fifty_and_a_total()
    {
        var query = Given.Query("CarePlan", "");
        Assert.Equal((50, default(TotalMode?), SummaryMode.False, ""), (query.Count, query.Total, query.Summary, query.SelfQuery));
        Assert.Empty(query.Sort);
    }

    [Theory]
    [InlineData("_count=0", 0)]
    [InlineData("_count=1000", 1000)]
    [InlineData("_count=5000", 1000)]
    public void Counts_up_to_a_thousand(string text, int count)
    {
        var query = Given.Query("CarePlan", text);
        Assert.Equal((count, $"_count={count}"), (query.Count, query.SelfQuery));
    }

    [Fact]
    public void Shapes_the_answer()
    {
        var query = Given.Query("CarePlan",
            "_total=none&_summary=count&_elements=status,CarePlan.subject&_sort=-date,status,_id,-_lastUpdated&_format=json&_pretty=true&_page=abc&_contained=false");
        Assert.Equal((TotalMode.None, SummaryMode.Count, "abc"), (query.Total, query.Summary, query.Page));
        Assert.Equal(["status", "subject"], query.Elements);
        Assert.Equal(["date True ", "status False ", " False _id", " True _lastUpdated"],
            query.Sort.Select(k => $"{k.Parameter?.Code} {k.Descending} {k.Special}"));
        Assert.DoesNotContain("_page", query.SelfQuery, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("_count=-1", "a whole number from 0 to 1000")]
    [InlineData("_count=ten", "a whole number from 0 to 1000")]
    [InlineData("_count=99999999999999999999", "a whole number from 0 to 1000")]
    [InlineData("_count=1&_count=2", "`_count` may be given once")]
    [InlineData("_total=maybe", "none, estimate or accurate")]
    [InlineData("_total=1", "none, estimate or accurate")]
    [InlineData("_summary=True", "true, text, data, count or false")]
    [InlineData("_contained=both", "contained resources are not searched")]
    [InlineData("_elements=status,stats", "`stats` is not an element of CarePlan; use one of id, meta")]
    [InlineData("_sort=name", "`name` is not a search parameter of CarePlan; use one of _id")]
    [InlineData("_sort=", "`_sort` has no value")]
    [InlineData("_sort:desc=date", "takes no modifier")]
    public void Refuses_and_says_what_is_allowed(string query, string text)
    {
        var report = new Report();
        Assert.Null(Given.Parser.Parse("CarePlan", query, report));
        Assert.Contains(text, Assert.Single(report.Issues).Text, StringComparison.Ordinal);
    }
}
