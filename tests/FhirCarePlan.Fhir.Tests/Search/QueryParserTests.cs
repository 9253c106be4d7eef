using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Fhir.Tests.Search;

public sealed class QueryParserTests
{
    [Fact]
    public void Ids_and_times_stand_apart_from_criteria()
    {
        var query = Given.Query("CarePlan", "_id=a,b&_id=b&_lastUpdated=ge2024&_lastUpdated=lt2025,gt2026");
        Assert.Equal(["a b", "b"], query.Ids.Select(any => string.Join(' ', any)));
        Assert.Equal([1, 2], query.LastUpdated.Select(any => any.Count));
        Assert.Empty(query.Criteria);
        Assert.True(Oracle.Matches(query with { LastUpdated = [] }, "CarePlan", "b", 0, []));
        Assert.False(Oracle.Matches(query with { LastUpdated = [] }, "CarePlan", "a", 0, []));
        Assert.True(Oracle.Matches(query with { Ids = [] }, "CarePlan", "a", new DateTime(2024, 6, 1).Ticks, []));
        Assert.False(Oracle.Matches(query with { Ids = [] }, "CarePlan", "a", new DateTime(2025, 6, 1).Ticks, []));
    }

    [Fact]
    public void The_self_link_says_what_was_understood()
    {
        var query = Given.Query("CarePlan",
            "?status=active%2Cdraft&&date=ge2024-01-01T10:00:00+01:00&_page=x&_count=7&identifier=http%3A%2F%2Fa.example%7C1");
        Assert.Equal("status=active,draft&date=ge2024-01-01T10:00:00%2001:00&_count=7&identifier=http://a.example%7C1", query.SelfQuery);
        Assert.Equal(query.SelfQuery, Given.Query("CarePlan", query.SelfQuery).SelfQuery);
    }

    [Theory]
    [InlineData("family=x", "invalid", "`family` is not a search parameter of CarePlan; use one of _id, _lastUpdated, _profile")]
    [InlineData("Status=x", "invalid", "is not a search parameter")]
    [InlineData("`=x", "invalid", "`?` is not a search parameter")]
    [InlineData("=x", "invalid", "is not a search parameter")]
    [InlineData("subject.name=x", "not-supported", "searching through references is not supported yet; use one of _id")]
    [InlineData("subject:Patient.name=x", "not-supported", "searching through references is not supported yet")]
    [InlineData("_has:Task:focus:status=x", "not-supported", "searching through references is not supported yet")]
    [InlineData("_text=x", "not-supported", "`_text` cannot be asked here")]
    [InlineData("_filter=x", "not-supported", "cannot be asked here")]
    [InlineData("_list=x", "not-supported", "cannot be asked here")]
    [InlineData("_id:not=x", "not-supported", "`_id` takes no modifier")]
    [InlineData("_lastUpdated:missing=true", "not-supported", "takes no modifier")]
    [InlineData("_lastUpdated=soon", "invalid", "it must be a date")]
    [InlineData("status=", "invalid", "`status` has no value")]
    [InlineData("status", "invalid", "`status` has no value")]
    [InlineData("status=a%00b", "invalid", "`status` has no value")]
    public void Refuses_and_says_what_is_allowed(string query, string code, string text)
    {
        var report = new Report();
        Assert.Null(Given.Parser.Parse("CarePlan", query, report));
        var issue = Assert.Single(report.Issues);
        Assert.Equal((code, true), (issue.Code, issue.IsMalformed));
        Assert.Contains(text, issue.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_on_the_globe_is_not_supported()
    {
        var report = new Report();
        Assert.Null(Given.Parser.Parse("Location", "near=1|2|3|km", report));
        Assert.Equal(IssueType.NotSupported, Assert.Single(report.Issues).Code);
    }

    [Fact]
    public void All_faults_come_at_once()
    {
        var report = new Report();
        Assert.Null(Given.Parser.Parse("CarePlan", "a=1&date=x&_count=y", report));
        Assert.Equal(3, report.Issues.Count);
    }

    [Fact]
    public void Leniently_an_unknown_parameter_is_left_out_with_a_warning()
    {
        var report = new Report();
        var query = Given.Parser.Parse("CarePlan", "family=x&status=active&subject.name=y", report, isLenient: true)!;
        Assert.Equal("status=active", query.SelfQuery);
        Assert.Single(query.Criteria);
        Assert.Equal([IssueSeverity.Warning, IssueSeverity.Warning], report.Issues.Select(i => i.Severity));
    }

    [Fact]
    public void Leniently_a_known_parameter_must_still_be_right()
    {
        var report = new Report();
        Assert.Null(Given.Parser.Parse("CarePlan", "status:exact=x&date=y", report, isLenient: true));
    }

    [Theory]
    [InlineData("status=active&", 101)]
    [InlineData("status=a,", 1001)]
    public void Refuses_what_costs_too_much(string piece, int times)
    {
        var report = new Report();
        Assert.Null(Given.Parser.Parse("CarePlan", string.Concat(Enumerable.Repeat(piece, times)), report));
        Assert.Equal(IssueType.TooCostly, Assert.Single(report.Issues).Code);
    }
}
