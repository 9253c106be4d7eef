using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation;

namespace FhirCarePlan.Fhir.Tests.Validation;

public class ValidatorTests
{
    private const string Unknown = "http://unknown.example/StructureDefinition/x";

    [Fact]
    public void An_unknown_profile_that_is_claimed_is_a_warning_unless_set_otherwise()
    {
        var json = $$$"""{"resourceType":"Patient","meta":{"profile":["{{{Unknown}}}"]}}""";
        Assert.Equal(["warning profile Patient.meta.profile[0]"], Check.Base(json).Lines());
        Assert.Equal(["error profile Patient.meta.profile[0]"], Check.Base(json, new() { UnknownProfileIsError = true }).Lines());
    }

    [Fact]
    public void An_unknown_profile_that_is_asked_for_is_an_error() =>
        Assert.Equal(["error profile Patient"],
            Check.With(new Validator(DefinitionSet.Base, Check.Clock), """{"resourceType":"Patient"}""", [Unknown]).Lines());

    [Fact]
    public void A_profile_that_is_claimed_holds() =>
        Assert.Equal(["cardinality Patient"],
            Check.With(new Validator(Named(), Check.Clock),
            """{"resourceType":"Patient","meta":{"profile":["http://test.example/StructureDefinition/named|1.0"]}}""", []).Errors());

    [Fact]
    public void A_claim_holds_for_what_is_contained_and_bundled_too() =>
        Assert.Equal(["cardinality Bundle.entry[0].resource"], Check.With(new Validator(Named(), Check.Clock),
            """{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:uuid:c757873d-ec9a-4326-a141-556f43239520","resource":{"resourceType":"Patient","meta":{"profile":["http://test.example/StructureDefinition/named"]}}}]}""", []).Errors());

    [Theory]
    [InlineData("http://hl7.org/fhir/StructureDefinition/Patient")]
    [InlineData("http://hl7.org/fhir/StructureDefinition/Resource")]
    [InlineData("http://hl7.org/fhir/StructureDefinition/Practitioner", "type Patient")]
    [InlineData("http://test.example/StructureDefinition/named", "cardinality Patient")]
    public void Asked_profiles_may_be_types(string canonical, params string[] errors) =>
        Assert.Equal(errors, Check.With(new Validator(Named(), Check.Clock), """{"resourceType":"Patient"}""", [canonical]).Errors());

    [Fact]
    public void Issues_come_in_the_order_of_the_document_with_line_and_column()
    {
        var report = Check.Profile("Patient", """{"path":"Patient.name.family","min":1}""", """
            {"resourceType":"Patient",
             "name":[{"text":"a"}],
             "gender":"m",
             "birthDate":"1985-02-30"}
            """);
        Assert.Equal([("cardinality", 2, 10), ("required-binding", 3, 2), ("format", 4, 2)],
            report.Issues.Where(i => i.IsError).Select(i => (i.Key!, i.Line, i.Column)));
    }

    [Fact]
    public void The_order_is_that_of_the_source_whatever_order_the_definition_has()
    {
        var report = Check.Base("""
            {"birthDate":"1985-02-30",
             "gender":"m",
             "resourceType":"Patient",
             "contained":[{"resourceType":"Patient","id":"a","gender":"f"}]}
            """);
        Assert.Equal([1, 2, 4], report.Issues.Where(i => i.IsError && i.Key is "format" or "required-binding").Select(i => i.Line));
    }

    [Fact]
    public void Stops_at_the_limit_and_says_so()
    {
        var json = $$"""{"resourceType":"Patient","telecom":[{{string.Join(',', Enumerable.Repeat("{\"value\":\"1\"}", 1000))}}]}""";
        var report = Check.Base(json, new() { MaxIssues = 10 });
        Assert.Equal(10, report.Issues.Count(i => i.IsError));
        Assert.Equal(("max-issues", IssueSeverity.Information, "too-costly"),
            (report.Issues[^1].Key, report.Issues[^1].Severity, report.Issues[^1].Code));
        Assert.Contains("10 errors", report.Issues[^1].Text);
    }

    [Fact]
    public void Warnings_beyond_the_limit_hide_no_error()
    {
        var entries = Enumerable.Range(0, 20).Select(i => $$$"""{"fullUrl":"urn:oid:1.2.{{{i}}}","resource":{"resourceType":"Patient"}}""")
            .Append("""{"fullUrl":"urn:oid:1.2.20","resource":{"resourceType":"Patient","gender":"x"}}""");
        var report = Check.Base($$"""{"resourceType":"Bundle","type":"collection","entry":[{{string.Join(',', entries)}}]}""",
            new() { MaxIssues = 10 });
        Assert.Equal(10, report.Issues.Count(i => i.Severity == IssueSeverity.Warning));
        Assert.Equal("required-binding Bundle.entry[20].resource.gender", Assert.Single(report.Errors()));
        Assert.Contains("10 warnings", report.Issues[^1].Text);
    }

    [Fact]
    public void Writes_nothing_when_all_is_well() =>
        Assert.True(Check.Base("""{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"},"active":true}""").IsEmpty);

    [Fact]
    public void Every_type_of_R4_fits_into_a_table() =>
        Assert.All(Fhir.Definitions.R4.ResourceTypes.Concat(Fhir.Definitions.R4.DataTypes),
            t => Assert.True(Fhir.Definitions.R4.Type(t)!.Elements.Count <= 64));

    private static DefinitionSet Named() => Check.Definitions(Check.Definition("named", "Patient", """{"path":"Patient.name","min":1}"""));

    [Theory]
    [InlineData("descendants().select(%resource.descendants().select(%resource.descendants().select(%resource.descendants().select(%resource.descendants())))).exists().not()")]
    [InlineData("repeat(%resource.descendants() | descendants()).select(%resource.descendants().where(%resource.descendants().where(%resource.descendants().where(%resource.descendants().count() > 10000).exists()).exists()).exists()).exists()")]
    [InlineData("(1|2|3|4|5|6|7|8|9).repeat($this + 1).exists()")]
    [InlineData("text.matches('^(a+)+\\\\\\\\1$')")]
    [InlineData("text.matches('^((a{1,1000}){1,1000}){1,1000}$')")]
    public void A_rule_written_to_run_without_end_ends_with_an_error(string expression)
    {
        var rule =
            $$$"""{"path":"Patient.name","constraint":[{"key":"x-1","severity":"error","expression":"{{{expression}}}"},{"key":"x-2","severity":"error","expression":"{{{expression}}}"}]},{"path":"Patient","constraint":[{"key":"x-3","severity":"error","expression":"{{{expression}}}"}]}""";
        var names = string.Join(',', Enumerable.Repeat($$"""{"text":"{{new string('a', 40)}}!","given":["a","b","c"]}""", 50));
        Assert.Contains(Check.Profile("Patient", rule, $$"""{"resourceType":"Patient","name":[{{names}}]}""").Issues, i => i.IsError
            && i.Key is "x-1" or "x-3");
    }

    [Fact]
    public void A_guide_may_ask_a_profile_of_all_resources_of_a_type()
    {
        var set = Check.Definitions(Check.Definition("test", "Patient", """{"path":"Patient.name","min":1}"""), """
            {"resourceType":"ImplementationGuide","url":"http://test.example/guide","name":"x","status":"active","packageId":"x","fhirVersion":["4.0.1"],"global":[{"type":"Patient","profile":"http://test.example/StructureDefinition/test"}]}
            """);
        Assert.Equal(["cardinality Patient"],
            Check.With(new Validator(set, Check.Clock), """{"resourceType":"Patient","active":true}""", []).Errors());
    }
}
