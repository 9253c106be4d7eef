using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Fhir.Tests.Search.Parsing;

public sealed class CriteriaTests
{
    [Fact]
    public void Commas_are_or_and_repeats_are_and()
    {
        var query = Given.Query("CarePlan", @"status=active,draft&status=x\,y");
        Assert.Equal(["active,draft", "x,y"], query.Criteria.Select(c => string.Join(',', c.AnyOf.Select(v => v.Value))));
    }

    [Fact]
    public void A_type_modifier_is_kept_twice()
    {
        var criterion = Assert.Single(Given.Query("CarePlan", "subject:Patient=1").Criteria);
        Assert.Equal((Modifier.Type, "Patient", "Patient", "1"),
            (criterion.Modifier, criterion.TypeModifier, criterion.AnyOf[0].System, criterion.AnyOf[0].Value));
    }

    [Theory]
    [InlineData("CarePlan?status:exact=a", "not-supported", "`status:exact`: modifiers of this parameter are :missing, :not, :text")]
    [InlineData("CarePlan?status:Patient=a", "not-supported", "modifiers of this parameter are")]
    [InlineData("CarePlan?status:=a", "not-supported", "modifiers of this parameter are")]
    [InlineData("CarePlan?subject:Dragon=a", "not-supported", "`subject:Dragon`: modifiers of this parameter are :missing, :identifier, :")]
    [InlineData("CarePlan?subject:not=Patient/1", "not-supported", "modifiers of this parameter are")]
    [InlineData("CarePlan?date:exact=2013", "not-supported", "modifiers of this parameter are :missing")]
    [InlineData("Patient?name:below=a", "not-supported", ":missing, :exact, :contains")]
    [InlineData("CarePlan?status=a,,b", "invalid", "A value of `status` cannot be read; it must be code, system|code, |code or system|")]
    [InlineData("CarePlan?status=a%7Cb%7Cc", "invalid", "it must be code")]
    [InlineData("CarePlan?date=soon", "invalid", "it must be a date")]
    [InlineData("CarePlan?date=xx2013", "invalid", "eq, ne, gt, lt, ge, le, sa, eb, ap")]
    [InlineData("CarePlan?subject=Dragon/1", "invalid", "it must be id, Type/id or an address")]
    [InlineData("CarePlan?subject:Patient=Group/1", "invalid", "it must be id, Patient/id or an address")]
    [InlineData("CarePlan?subject:missing=maybe", "invalid", "it must be true or false")]
    [InlineData("CarePlan?subject:missing=true,false", "invalid", "takes one value")]
    [InlineData("Patient?name=...", "invalid", "at least one letter or digit")]
    [InlineData("ChargeItem?factor-override=many", "invalid", "it must be a number")]
    [InlineData("Observation?value-quantity=5.4%7Cmg", "invalid", "number|system|code")]
    public void Refuses_and_says_what_is_allowed(string url, string code, string text)
    {
        var report = new Report();
        Assert.Null(Given.Parser.Parse(url[..url.IndexOf('?')], url[url.IndexOf('?')..], report));
        var issue = Assert.Single(report.Issues);
        Assert.Equal((code, true), (issue.Code, issue.IsMalformed));
        Assert.Contains(text, issue.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void No_message_repeats_a_value()
    {
        foreach (var url in (string[])["birthdate=Jane%20Doe", "general-practitioner=Jane%20Doe", "identifier=Jane%7CDoe%7C",
            "_lastUpdated=JaneDoe", "_count=JaneDoe", "_summary=JaneDoe"])
        {
            var report = new Report();
            Assert.Null(Given.Parser.Parse("Patient", url, report));
            Assert.DoesNotContain(report.Issues, i => i.Text.Contains("Jane", StringComparison.Ordinal));
        }
    }

    private const string Alive = """{"resourceType":"Patient"}""", Dead = """{"resourceType":"Patient","deceasedDateTime":"2020-01-01"}""",
        NotDead = """{"resourceType":"Patient","deceasedBoolean":false}""";

    /// <summary>Whether somebody is alive is an absence, which is never indexed.</summary>
    [Theory]
    [InlineData("deceased=true", false, true, false)]
    [InlineData("deceased=false", true, false, true)]
    [InlineData("deceased:not=true", true, false, true)]
    [InlineData("deceased:not=false", false, true, false)]
    [InlineData("deceased=true,false", true, true, true)]
    [InlineData("deceased:not=true,false", false, false, false)]
    [InlineData("deceased=perhaps", false, false, false)]
    [InlineData("deceased:not=perhaps", true, true, true)]
    public void A_condition_is_asked_for_true(string query, bool alive, bool dead, bool notDead) =>
        Assert.Equal((alive, dead, notDead),
            (Given.Finds("Patient?" + query, Alive), Given.Finds("Patient?" + query, Dead), Given.Finds("Patient?" + query, NotDead)));
}
