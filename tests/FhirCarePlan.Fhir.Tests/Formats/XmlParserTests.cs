using System.Text;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation;

namespace FhirCarePlan.Fhir.Tests.Formats;

public class XmlParserTests
{
    private static (Document? Document, IReadOnlyList<Issue> Issues) Parse(string xml) => Parse(Encoding.UTF8.GetBytes(xml));

    private static (Document? Document, IReadOnlyList<Issue> Issues) Parse(byte[] xml)
    {
        var report = new Report();
        return (XmlParser.Parse(xml, report), report.Issues);
    }

    private static string Patient(string inside) => $"<Patient xmlns=\"http://hl7.org/fhir\">{inside}</Patient>";

    private static string Json(string xml)
    {
        var (document, issues) = Parse(xml);
        Assert.Empty(issues);
        return Encoding.UTF8.GetString(CanonicalJson.Write(document!));
    }

    [Theory]
    [InlineData("<active value='true'/>", """{"resourceType":"Patient","active":true}""")]
    [InlineData("<name><given value='a'/><given><extension url='http://x.example'><valueCode value='b'/></extension></given></name>",
        """{"resourceType":"Patient","name":[{"given":["a",null],"_given":[null,{"extension":[{"url":"http://x.example","valueCode":"b"}]}]}]}""")]
    [InlineData("<birthDate id='x' value='1970'/>", """{"resourceType":"Patient","birthDate":"1970","_birthDate":{"id":"x"}}""")]
    [InlineData("<extension id='i' url='u'><extension url='v'><valueInteger value='+5'/></extension></extension>",
        """{"resourceType":"Patient","extension":[{"id":"i","extension":[{"url":"v","valueInteger":5}],"url":"u"}]}""")]
    [InlineData("<contained><Group><id value='g'/></Group></contained><contained><Patient/></contained>",
        """{"resourceType":"Patient","contained":[{"resourceType":"Group","id":"g"},{"resourceType":"Patient"}]}""")]
    [InlineData("<!-- a --><?pi b?> <active value='true'><!-- c --></active>\n", """{"resourceType":"Patient","active":true}""")]
    [InlineData("<name><text value='&#233;&quot;&#x9;&#xD;&#10; \\ &lt;'/></name>",
        """{"resourceType":"Patient","name":[{"text":"é\"\t\r\n \\ <"}]}""")]
    [InlineData("<text><status value='generated'/><div xmlns='http://www.w3.org/1999/xhtml'><p class='a'>b &amp; c&#160;<br/></p></div></text>", """{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p class=\"a\">b &amp; c <br/></p></div>"}}""")]
    [InlineData("<text><status value='generated'/><h:div xmlns:h='http://www.w3.org/1999/xhtml'><h:p>b</h:p></h:div></text>",
        """{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:h=\"http://www.w3.org/1999/xhtml\"><p>b</p></div>"}}""")]
    public void Gives_the_tree_that_JSON_gives(string inside, string json) =>
        Assert.Equal(json.Replace(" <br/>", "\u00a0<br/>", StringComparison.Ordinal), Json(Patient(inside)));

    [Fact]
    public void Prefixes_and_schema_hints_mean_nothing() => Assert.Equal("""{"resourceType":"Patient","active":true}""", Json(
        "\ufeff<?xml version='1.0' encoding='utf-8'?><f:Patient xmlns:f='http://hl7.org/fhir' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation='a b'><f:active value='true'/></f:Patient>"));

    [Theory]
    [InlineData("<nhs value='1'/>", "unknown-element", "Patient", "`nhs` is not an element of Patient")]
    [InlineData("<_active value='1'/>", "unknown-element", "Patient", null)]
    [InlineData("<active value='true' unit='x'/>", "unknown-attribute", "Patient.active", "`unit` is not an attribute of boolean")]
    [InlineData("<name value='x'/>", "unknown-attribute", "Patient.name[0]", null)]
    [InlineData("<name url='x'><text value='x'/></name>", "unknown-attribute", "Patient.name[0]", null)]
    [InlineData("<contained id='x'><Patient/></contained>", "unknown-attribute", "Patient", null)]
    [InlineData("<birthDate value='1970'/><gender value='male'/>", "order", "Patient",
        "`gender` comes after `birthDate`; in Patient it comes before it")]
    [InlineData("<name><given value='a'/></name><active value='true'/><name><given value='b'/></name>", "order", "Patient", null)]
    [InlineData("<name><given value='a'/><family value='b'/></name>", "order", "Patient.name[0]", null)]
    [InlineData("<active value='true'/><active value='true'/>", "cardinality", "Patient",
        "`active` occurs more than once here; it must occur once")]
    [InlineData("<active value=''/>", "empty", "Patient.active", "`active` may not be empty")]
    [InlineData("<gender value=''/>", "empty", "Patient.gender", null)]
    [InlineData("<active/>", "empty", "Patient.active", "An element needs a `value`, an extension or children")]
    [InlineData("<name></name>", "empty", "Patient.name[0]", null)]
    [InlineData("<active value='yes'/>", "format", "Patient.active", "`active` must be `true` or `false`")]
    [InlineData("<multipleBirthInteger value='two'/>", "format", "Patient.multipleBirth", null)]
    [InlineData("<multipleBirthInteger value='01'/>", "format", "Patient.multipleBirth", null)]
    [InlineData("<gender>male</gender>", "text", "Patient.gender",
        "There is text between the elements; put values into `value` attributes")]
    [InlineData("<active xmlns='' value='true'/>", "namespace", "Patient", "`active` is not in the namespace `http://hl7.org/fhir`")]
    [InlineData("<text><status value='generated'/><div>x</div></text>", "namespace", "Patient.text",
        "`div` is not in the namespace `http://www.w3.org/1999/xhtml`")]
    [InlineData("<contained/>", "resource-type", "Patient", "`contained` holds 0 resources; it must hold one")]
    [InlineData("<contained><Patient/><Patient/></contained>", "resource-type", "Patient",
        "`contained` holds 2 resources; it must hold one")]
    [InlineData("<contained><DomainResource/></contained>", "resource-type", "Patient", "`DomainResource` is not a resource type of R4")]
    public void Refuses_what_is_not_the_shape_of_R4(string inside, string key, string expression, string? text)
    {
        var (document, issues) = Parse(Patient(inside));
        Assert.Null(document);
        Assert.Contains(issues, i => i.Key == key && i.Expression == expression && (text is null || i.Text == text) && !i.IsMalformed
            && i.Line == 1 && i.Column > 1);
    }

    [Theory]
    [InlineData("<Patient/>", "namespace")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir/'/>", "namespace")]
    [InlineData("<Person9 xmlns='http://hl7.org/fhir'/>", "resource-type")]
    [InlineData("<Element xmlns='http://hl7.org/fhir'/>", "resource-type")]
    public void The_root_is_a_resource_of_FHIR(string xml, string key) =>
        Assert.Contains(Parse(xml).Issues, i => i.Key == key && i.Line == 1);

    [Fact]
    public void All_faults_are_said_at_once_with_line_and_column()
    {
        var issues = Parse(Patient("\n  <nhs value='1'/>\n  <active value='x'/>\n\n <birthDate value='1970'/><gender value='male'/>\n"))
            .Issues;
        Assert.Equal([("unknown-element", 2, 3), ("format", 3, 11), ("order", 5, 27)], issues.Select(i => (i.Key!, i.Line, i.Column)));
    }

    [Fact]
    public void What_the_validator_finds_has_line_and_column_of_the_XML()
    {
        var (document, _) = Parse(Patient("\n <gender\n value='man'/>\n <birthDate value='1970-02-30'/>"));
        var report = new Report();
        new Validator(DefinitionSet.Base, TimeProvider.System).Validate(document!, [], report);
        Assert.Equal([(2, 2), (4, 2)], report.Issues.Where(i => i.IsError).Select(i => (i.Line, i.Column)));
    }
}
