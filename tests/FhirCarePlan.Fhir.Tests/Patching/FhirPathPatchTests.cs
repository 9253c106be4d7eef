using System.Text;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Patching;

namespace FhirCarePlan.Fhir.Tests.Patching;

/// <summary>https://hl7.org/fhir/R4/fhirpatch.html</summary>
public class FhirPathPatchTests
{
    private const string Patient = """{"resourceType":"Patient","id":"p","identifier":[{"system":"s","value":"1"},{"system":"s","value":"2"}],"active":true,"name":[{"family":"A","given":["B","C"],"_given":[null,{"extension":[{"url":"http://u","valueString":"x"}]}]}],"birthDate":"1960-01-02","multipleBirthInteger":2}""";

    private static string Part(string name, string value) => $$"""{"name":"{{name}}",{{value}}}""";

    /// <param name="parts">`path=…;name=…`; `value` in JSON.</param>
    private static string Operation(string type, string path, params string[] parts) =>
        $$"""{"name":"operation","part":[{{string.Join(",", [Part("type", $"\"valueCode\":\"{type}\""), Part("path", $"\"valueString\":\"{path}\""), .. parts])}}]}""";

    private static ResourcePatch.Outcome Patch(string resource, params string[] operations) => ResourcePatch.Apply(PatchFormat.FhirPath,
        Encoding.UTF8.GetBytes($$"""{"resourceType":"Parameters","parameter":[{{string.Join(",", operations)}}]}"""), ResourceFormat.Json,
        Encoding.UTF8.GetBytes(resource), TimeProvider.System);

    private static string Text(ResourcePatch.Outcome outcome)
    {
        Assert.Equal("", string.Join(" ", outcome.Issues.Select(i => i.Text)));
        return Encoding.UTF8.GetString(outcome.Body.Span);
    }

    private static string Name(string name) => Part("name", $"\"valueString\":\"{name}\"");
    private static string Value(string json) => Part("value", json);
    private static string Number(string name, int number) => Part(name, $"\"valueInteger\":{number}");

    [Fact]
    public void Identifier_is_not_id()
    {
        var text = Text(Patch(Patient, Operation("replace", "Patient.identifier[1].value", Value("\"valueString\":\"3\""))));
        Assert.Contains("""{"system":"s","value":"1"},{"system":"s","value":"3"}""", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_primitive_keeps_its_extension_beside_it()
    {
        Assert.Contains("""
            "given":["C"],"_given":[{"extension":[{"url":"http://u","valueString":"x"}]}]
            """, Text(Patch(Patient, Operation("delete", "Patient.name[0].given[0]"))), StringComparison.Ordinal);
        Assert.Contains("""
            "given":["C","B"],"_given":[{"extension":[{"url":"http://u","valueString":"x"}]},null]
            """, Text(Patch(Patient, Operation("move", "Patient.name[0].given", Number("source", 1), Number("destination", 0)))), StringComparison.Ordinal);
        Assert.Contains("""
            "birthDate":"1960-01-02","_birthDate":{"extension":[{"url":"http://t","valueTime":"10:00:00"}]}
            """, Text(Patch(Patient, Operation("add", "Patient.birthDate", Name("extension"), Value("\"valueExtension\":0".Replace("\"valueExtension\":0", """
            "part":[{"name":"url","valueUri":"http://t"},{"name":"value","valueTime":"10:00:00"}]
            """))))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_choice_changes_its_type()
    {
        var text = Text(Patch(Patient, Operation("replace", "Patient.multipleBirth", Value("\"valueBoolean\":true"))));
        Assert.Contains("\"multipleBirthBoolean\":true", text, StringComparison.Ordinal);
        Assert.DoesNotContain("multipleBirthInteger", text, StringComparison.Ordinal);
        Assert.Contains("\"deceasedBoolean\":false", Text(Patch(Patient, Operation("add", "Patient", Name("deceased"), Value("\"valueBoolean\":false")))), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_operation_sees_what_those_before_it_left()
    {
        var text = Text(Patch(Patient, Operation("insert", "Patient.identifier", Number("index", 0), Value("""
            "valueIdentifier":{"value":"0"}
            """)), Operation("replace", "Patient.identifier.where(value='0').system", Value("\"valueUri\":\"x\"")).Replace("replace", "delete").Replace(",{\"name\":\"value\",\"valueUri\":\"x\"}", ""),
            Operation("add", "Patient.identifier.where(value='0')", Name("system"), Value("\"valueUri\":\"t\"")), Operation("delete", "Patient.identifier[2]")));
        Assert.Contains("""
            "identifier":[{"system":"t","value":"0"},{"system":"s","value":"1"}]
            """, text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_that_is_not_there_yet_takes_its_first()
    {
        Assert.Contains("""
            "telecom":[{"value":"1"}]
            """, Text(Patch(Patient, Operation("insert", "Patient.telecom", Number("index", 0), Value("""
            "valueContactPoint":{"value":"1"}
            """)))), StringComparison.Ordinal);
    }

    [Fact]
    public void Contained_resources_and_elements_in_parts_are_added()
    {
        Assert.Contains("""
            "contained":[{"resourceType":"Organization","id":"o","name":"O"}]
            """, Text(Patch(Patient, Operation("add", "Patient", Name("contained"), Value("""
            "resource":{"resourceType":"Organization","id":"o","name":"O"}
            """)))), StringComparison.Ordinal);
        Assert.Contains("""
            "contact":[{"relationship":[{"text":"friend"}],"gender":"female"}]
            """, Text(Patch(Patient, Operation("add", "Patient", Name("contact"), Value("""
            "part":[{"name":"gender","valueCode":"female"},{"name":"relationship","valueCodeableConcept":{"text":"friend"}}]
            """)))), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_to_delete_is_no_fault() => Assert.Equal(Patient, Text(Patch(Patient, Operation("delete", "Patient.deceased"))));

    [Fact]
    public void Xml_Parameters_are_read_too()
    {
        var outcome = ResourcePatch.Apply(PatchFormat.FhirPath, """
            <Parameters xmlns="http://hl7.org/fhir"><parameter><name value="operation"/><part><name value="type"/><valueCode value="delete"/></part>
            <part><name value="path"/><valueString value="Patient.active"/></part></parameter></Parameters>
            """u8.ToArray(), ResourceFormat.Xml, Encoding.UTF8.GetBytes(Patient), TimeProvider.System);
        Assert.DoesNotContain("active", Text(outcome), StringComparison.Ordinal);
    }

    public static TheoryData<string> Unfit => new(
        Operation("add", "Patient", Name("birthDate"), Value("\"valueDate\":\"1970-01-01\"")), // there once
        Operation("add", "Patient", Name("nonsense"), Value("\"valueDate\":\"1970-01-01\"")),
        Operation("add", "Patient", Name("maritalStatus"), Value("\"valueCoding\":{\"code\":\"M\"}")), // of another type
        Operation("add", "Patient", Name("gender"), Value("\"valueBoolean\":true")),
        Operation("add", "Patient", Name("deceased"), Value("\"valueString\":\"x\"")),
        Operation("add", "Patient", Name("contact"), Value("\"part\":[{\"name\":\"gender\",\"valueCode\":\"male\"},{\"name\":\"gender\",\"valueCode\":\"male\"}]")),
        Operation("add", "Patient.name[0].given[1].extension[0].url", Name("extension"), Value("\"part\":[{\"name\":\"url\",\"valueUri\":\"http://t\"}]")),
        Operation("add", "Patient.identifier", Name("period"), Value("\"valuePeriod\":{\"start\":\"2020\"}")), // two of them
        Operation("replace", "Patient.gender", Value("\"valueCode\":\"male\"")), // nothing there
        Operation("replace", "Patient", Value("\"resource\":{\"resourceType\":\"Patient\"}")),
        Operation("replace", "Patient.name.family & 'x'", Value("\"valueString\":\"x\"")), // no element
        Operation("replace", "'x'", Value("\"valueString\":\"x\"")),
        Operation("delete", "Patient.identifier"),
        Operation("delete", "Patient"),
        Operation("insert", "Patient.identifier", Number("index", 3), Value("\"valueIdentifier\":{\"value\":\"0\"}")),
        Operation("insert", "Patient.identifier[0]", Number("index", 0), Value("\"valueIdentifier\":{\"value\":\"0\"}")), // not the list
        Operation("insert", "Patient.birthDate", Number("index", 0), Value("\"valueDate\":\"1970\"")),
        Operation("insert", "Patient.telecom", Number("index", 1), Value("\"valueContactPoint\":{\"value\":\"1\"}")),
        Operation("move", "Patient.identifier", Number("source", 2), Number("destination", 0)),
        Operation("move", "Patient.identifier", Number("source", 0), Number("destination", 2)));

    [Theory, MemberData(nameof(Unfit))]
    public void What_does_not_fit_is_said(string operation)
    {
        var outcome = Patch(Patient, operation);
        var issue = Assert.Single(outcome.Issues);
        Assert.False(issue.IsMalformed, issue.Text);
        Assert.Equal("Parameters.parameter[0]", issue.Expression);
    }

    [Theory]
    [InlineData("""{"name":"operations"}""")]
    [InlineData("""{"name":"operation","part":[{"name":"path","valueString":"Patient"}]}""")]
    [InlineData("""{"name":"operation","part":[{"name":"type","valueCode":"delete"}]}""")]
    [InlineData("""{"name":"operation","part":[{"name":"type","valueCode":"spoil"},{"name":"path","valueString":"Patient"}]}""")]
    [InlineData("""{"name":"operation","part":[{"name":"type","valueCode":"delete"},{"name":"path","valueString":"Patient.id"},{"name":"path","valueString":"Patient.id"}]}""")]
    [InlineData("""{"name":"operation","part":[{"name":"type","valueCode":"delete"},{"name":"path","valueString":"Patient.id"},{"name":"index","valueInteger":1}]}""")]
    [InlineData("""{"name":"operation","part":[{"name":"type","valueCode":"add"},{"name":"path","valueString":"Patient"},{"name":"name","valueString":"active"}]}""")]
    [InlineData("""{"name":"operation","part":[{"name":"type","valueCode":"insert"},{"name":"path","valueString":"Patient.name"},{"name":"index","valueInteger":-1},{"name":"value","valueString":"x"}]}""")]
    [InlineData("""{"name":"operation","part":[{"name":"type","valueCode":"delete"},{"name":"path","valueString":"Patient.name["}]}""")]
    [InlineData("""{"name":"operation","part":[{"name":"type","valueCode":"delete"},{"name":"path","valueString":"Patient.nonsense()"}]}""")]
    public void What_is_no_operation_is_said(string operation) => Assert.True(Assert.Single(Patch(Patient, operation).Issues).IsMalformed);

    [Fact]
    public void A_resource_in_place_of_Parameters_is_no_patch()
    {
        var outcome = ResourcePatch.Apply(PatchFormat.FhirPath, Encoding.UTF8.GetBytes(Patient), ResourceFormat.Json, Encoding.UTF8.GetBytes(Patient), TimeProvider.System);
        Assert.True(Assert.Single(outcome.Issues).IsMalformed);
    }

    [Fact]
    public void Nothing_is_resolved_outside_of_the_resource()
    {
        var resource = """{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/p"}}""";
        Assert.NotEmpty(Patch(resource, Operation("replace", "Observation.subject.resolve().birthDate", Value("\"valueDate\":\"1970\""))).Issues);
    }

    [Fact]
    public void Work_is_bounded()
    {
        var many = $$"""{"resourceType":"Patient","identifier":[{{string.Join(",", Enumerable.Range(0, 20_000).Select(n => $$"""{"value":"{{n}}"}"""))}}]}""";
        // Each path walks over all of them for each of them.
        var costly = Operation("delete", "Patient.identifier.where(%resource.identifier.where(value='x').exists())");
        Assert.Equal(IssueType.TooCostly, Assert.Single(Patch(many, costly).Issues).Code);
        // Each operation writes the whole anew.
        var changes = Enumerable.Range(0, 1000).Select(_ => Operation("replace", "Patient.identifier[0].value", Value("\"valueString\":\"x\""))).ToArray();
        Assert.Equal(IssueType.TooCostly, Assert.Single(Patch(many, changes).Issues).Code);
        Assert.Equal(IssueType.TooCostly, Assert.Single(Patch(Patient, [.. changes, .. changes]).Issues).Code);
    }
}
