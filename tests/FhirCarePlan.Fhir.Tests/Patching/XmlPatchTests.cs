using System.Text;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Patching;

namespace FhirCarePlan.Fhir.Tests.Patching;

/// <summary>https://www.rfc-editor.org/rfc/rfc5261</summary>
public class XmlPatchTests
{
    private const string Patient = """{"resourceType":"Patient","id":"p","identifier":[{"system":"s","value":"1"},{"system":"t","value":"2"}],"active":true,"name":[{"family":"A"}],"birthDate":"1960-01-02"}""";

    private static ResourcePatch.Outcome Patch(string operations, string root = """<diff xmlns:f="http://hl7.org/fhir">""") => ResourcePatch.Apply(PatchFormat.Xml,
        Encoding.UTF8.GetBytes($"{root}{operations}</{root[1..root.IndexOfAny([' ', '>'])]}>"), default, Encoding.UTF8.GetBytes(Patient), TimeProvider.System);

    /// <summary>The result as JSON.</summary>
    private static string Text(ResourcePatch.Outcome outcome)
    {
        Assert.Equal("", string.Join(" ", outcome.Issues.Select(i => i.Text)));
        var report = new Report();
        using var document = ResourceReader.Read(outcome.Body, outcome.Format, report);
        Assert.Equal("", string.Join(" ", report.Issues.Select(i => i.Text)));
        return Encoding.UTF8.GetString(CanonicalJson.Write(document!));
    }

    [Theory]
    [InlineData("""<replace sel="f:Patient/f:birthDate/@value">1970-01-01</replace>""", "\"birthDate\":\"1970-01-01\"")]
    [InlineData("""<replace sel="/f:Patient/f:birthDate/@value">1970-01-01</replace>""", "\"birthDate\":\"1970-01-01\"")]
    [InlineData("""<replace sel="f:Patient/f:birthDate"><f:birthDate value="1971"/></replace>""", "\"birthDate\":\"1971\"")]
    [InlineData("""<replace sel="*/f:identifier[2]/f:value/@value">3</replace>""", "{\"system\":\"t\",\"value\":\"3\"}")]
    [InlineData("""<replace sel="f:Patient/f:identifier[f:system/@value='t']/f:value/@value">3</replace>""", "{\"system\":\"t\",\"value\":\"3\"}")]
    [InlineData("""<add sel="f:Patient/f:name"><f:given value="B"/></add>""", "\"name\":[{\"family\":\"A\",\"given\":[\"B\"]}]")]
    [InlineData("""<add sel="f:Patient/f:identifier[1]" pos="before"><f:identifier><f:value value="0"/></f:identifier></add>""", "\"identifier\":[{\"value\":\"0\"},{\"system\":\"s\"")]
    [InlineData("""<add sel="f:Patient/f:active" pos="after"><f:name><f:text value="Z"/></f:name></add>""", "\"name\":[{\"text\":\"Z\"},{\"family\":\"A\"}]")]
    [InlineData("""<add sel="f:Patient/f:name" pos="prepend"><f:use value="usual"/></add>""", "\"name\":[{\"use\":\"usual\",\"family\":\"A\"}]")]
    [InlineData("""<add sel="f:Patient/f:name" type="@id">n</add>""", "\"name\":[{\"id\":\"n\",\"family\":\"A\"}]")]
    [InlineData("""<remove sel="f:Patient/f:identifier[1]"/>""", "\"identifier\":[{\"system\":\"t\",\"value\":\"2\"}]")]
    [InlineData("""<remove sel="f:Patient/f:identifier[1]" ws="after"/>""", "\"identifier\":[{\"system\":\"t\",\"value\":\"2\"}]")]
    public void Does(string operations, string part) => Assert.Contains(part, Text(Patch(operations)), StringComparison.Ordinal);

    [Fact]
    public void The_root_of_RFC_7351_and_a_default_namespace_are_known()
    {
        Assert.Contains("1970", Text(Patch("""<p:replace sel="f:Patient/f:birthDate/@value">1970</p:replace>""",
            """<p:patch xmlns:p="urn:ietf:rfc:7351" xmlns:f="http://hl7.org/fhir">""")), StringComparison.Ordinal);
        Assert.Contains("1970", Text(Patch("""<replace sel="Patient/birthDate"><birthDate value="1970"/></replace>""", """<diff xmlns="http://hl7.org/fhir">""")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""<replace sel="f:Patient/f:gender/@value">male</replace>""")]
    [InlineData("""<replace sel="f:Patient/f:identifier/f:value/@value">3</replace>""")]
    [InlineData("""<replace sel="Patient/birthDate/@value">1970</replace>""")]
    [InlineData("""<remove sel="f:Patient"/>""")]
    [InlineData("""<remove sel="f:Patient/f:identifier[3]"/>""")]
    [InlineData("""<add sel="f:Patient/f:birthDate/@value">1970</add>""")]
    [InlineData("""<add sel="f:Patient/f:birthDate" type="@value">1970</add>""")]
    [InlineData("""<add sel="f:Patient" pos="after"><f:Patient/></add>""")]
    public void Does_not_fit(string operations)
    {
        var issue = Assert.Single(Patch(operations).Issues);
        Assert.False(issue.IsMalformed, issue.Text);
    }

    [Theory]
    [InlineData("<copy/>")]
    [InlineData("<remove/>")]
    [InlineData("""<remove sel="//f:name"/>""")]
    [InlineData("""<remove sel="f:Patient/f:name["/>""")]
    [InlineData("""<remove sel="f:Patient/f:name[count(.)=1]"/>""")]
    [InlineData("""<remove sel="id('x')"/>""")]
    [InlineData("""<remove sel="f:Patient/following::f:name"/>""")]
    [InlineData("""<remove sel="g:Patient/g:name"/>""")]
    [InlineData("""<add sel="f:Patient" pos="under"/>""")]
    [InlineData("""<add sel="f:Patient" type="namespace::x">y</add>""")]
    [InlineData("""<replace sel="f:Patient/f:birthDate">1970</replace>""")]
    [InlineData("<remove sel=")]
    public void Is_no_patch(string operations) => Assert.True(Assert.Single(Patch(operations).Issues).IsMalformed);

    [Fact]
    public void A_document_type_is_refused_and_nothing_fetched()
    {
        var outcome = ResourcePatch.Apply(PatchFormat.Xml, """<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><diff><remove sel="&b;"/></diff>"""u8.ToArray(), default,
            Encoding.UTF8.GetBytes(Patient), TimeProvider.System);
        Assert.True(Assert.Single(outcome.Issues).IsMalformed);
    }

    [Fact]
    public void Levels_and_steps_are_bounded()
    {
        var deep = string.Concat(Enumerable.Repeat("<f:extension>", 5_000));
        Assert.True(Assert.Single(Patch($"""<add sel="f:Patient">{deep}{deep.Replace("<", "</", StringComparison.Ordinal)}</add>""").Issues).IsMalformed);
        var level = string.Concat(Enumerable.Repeat("<f:extension>", 60));
        var nested = $"{level}{level.Replace("<", "</", StringComparison.Ordinal)}";
        Assert.Contains("deeper", Assert.Single(Patch($"""<add sel="f:Patient">{nested}</add><add sel="f:Patient{string.Concat(Enumerable.Repeat("/f:extension", 60))}">{nested}</add>""").Issues).Text, StringComparison.Ordinal);
        Assert.Equal(IssueType.TooCostly, Assert.Single(Patch(string.Concat(Enumerable.Repeat("""<remove sel="f:Patient/f:identifier[1]"/>""", 1_001))).Issues).Code);
    }
}
