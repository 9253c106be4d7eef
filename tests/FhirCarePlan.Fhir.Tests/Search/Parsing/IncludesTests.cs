using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Tests.Search.Parsing;

public sealed class IncludesTests
{
    [Theory]
    [InlineData("_include=CarePlan:care-team", "CarePlan care-team ")]
    [InlineData("_include=CarePlan:subject:Patient", "CarePlan subject Patient")]
    [InlineData("_include=CarePlan:*", "CarePlan  ")]
    [InlineData("_include=CarePlan:*:Patient", "CarePlan  Patient")]
    [InlineData("_include=*", "CarePlan  ")]
    [InlineData("_include=CarePlan:subject&_include=CarePlan:goal", "CarePlan subject ;CarePlan goal ")]
    [InlineData("_revinclude=Task:focus", "Task focus ")]
    [InlineData("_revinclude=Provenance:target", "Provenance target ")]
    [InlineData("_revinclude=CarePlan:part-of:CarePlan", "CarePlan part-of CarePlan")]
    [InlineData("_revinclude=Task:*", "Task  ")]
    [InlineData("_include:iterate=Goal:subject:Patient", "Goal subject Patient")]
    [InlineData("_revinclude:iterate=Task:based-on:ServiceRequest", "Task based-on ServiceRequest")]
    public void Reads(string query, string expected)
    {
        var search = Given.Query("CarePlan", query);
        Assert.Equal(expected,
            string.Join(';', search.Includes.Concat(search.RevIncludes).Select(i => $"{i.SourceType} {i.Parameter?.Code} {i.TargetType}")));
    }

    [Theory]
    [InlineData("_include=CarePlan", "Type:parameter, Type:parameter:Target or Type:*")]
    [InlineData("_include=Dragon:subject", "Type:parameter")]
    [InlineData("_include=CarePlan:subject:Dragon", "Type:parameter")]
    [InlineData("_include=CarePlan:subject:Patient:x", "Type:parameter")]
    [InlineData("_include=Goal:subject", "the resources found are of type CarePlan")]
    [InlineData("_include=CarePlan:status", "`status` is not a reference of CarePlan; use one of activity-reference, based-on")]
    [InlineData("_include=CarePlan:care-team:Patient", "not a reference of CarePlan to Patient; use one of")]
    [InlineData("_include:recurse=CarePlan:subject", "the only modifier")]
    [InlineData("_include:iterate=*", "Type:parameter")]
    [InlineData("_include:iterate=Goal:status", "`status` is not a reference of Goal")]
    [InlineData("_revinclude=*", "Type:parameter")]
    [InlineData("_revinclude=Condition:subject", "`subject` is not a reference of Condition to CarePlan; use one of evidence-detail")]
    [InlineData("_revinclude=Task:focus:Goal", "the resources found are of type CarePlan")]
    public void Refuses_and_says_what_is_allowed(string query, string text)
    {
        var report = new Report();
        Assert.Null(Given.Parser.Parse("CarePlan", query, report));
        Assert.Contains(text, Assert.Single(report.Issues).Text, StringComparison.Ordinal);
    }
}
