using System.Text;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Definitions.Published;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Tests.Validation;
using FhirCarePlan.Fhir.Validation;

namespace FhirCarePlan.Fhir.Tests.Definitions.Published;

public class CatalogueTests
{
    private static readonly Catalogue R4 = new(DefinitionSet.Base);

    /// <summary>R4's own mistakes: a contained code system included by its id, and a binding to a code system.</summary>
    private static readonly string[] Wrong = ["http://hl7.org/fhir/ValueSet/example-hierarchical",
        "http://hl7.org/fhir/StructureDefinition/ExplanationOfBenefit"];

    [Theory]
    [InlineData("StructureDefinition", 200)]
    [InlineData("ValueSet", 1000)]
    [InlineData("CodeSystem", 900)]
    [InlineData("SearchParameter", 1300)]
    public void Base_R4_is_written_as_valid_R4_each_under_an_id_of_its_own(string type, int atLeast)
    {
        var validator = new Validator(DefinitionSet.Base, Check.Clock);
        var faults = new List<string>();
        foreach (var entry in R4.All(type))
        {
            var report = new Report();
            using var document = JsonParser.Parse(entry.Write()!, report, Catalogue.Limits);
            if (document != null) validator.Validate(document, [], report);
            if (document?.Root.TextOf("id") != entry.Id || report.HasErrors != Wrong.Contains(entry.Url))
                faults.Add($"{entry.Url}: {string.Join("; ", report.Errors())}");
        }
        Assert.Equal([], faults.Take(5));
        Assert.True(R4.All(type).Count >= atLeast, $"{R4.All(type).Count}");
        Assert.Equal(R4.All(type).Count, R4.All(type).Select(e => e.Id).Distinct().Count());
    }

    [Theory]
    [InlineData("StructureDefinition")]
    [InlineData("ValueSet")]
    [InlineData("CodeSystem")]
    [InlineData("SearchParameter")]
    public void Our_own_package_is_written_as_valid_as_it_is(string type)
    {
        var validator = new Validator(DefinitionSet.Base, Check.Clock);
        var faults = new List<string>();
        foreach (var entry in new Catalogue(Check.Cpa).All(type).Where(e => e.File != null))
        {
            var report = new Report();
            using var document = JsonParser.Parse(entry.Write()!, report, Catalogue.Limits);
            if (document != null) validator.Validate(document, [], report);
            // The author mends the author's part; the additions are ours.
            var source = Check.With(validator, Encoding.UTF8.GetString(entry.File!.Utf8.Span), []);
            faults.AddRange(report.Errors().Except(source.Errors()).Select(e => $"{entry.Url}: {e}"));
        }
        Assert.Equal([], faults.Take(5));
    }

    [Fact]
    public void A_structure_tells_elements_a_value_set_its_codes()
    {
        Assert.Contains("\"id\":\"CarePlan.activity.detail.status\"", Text(R4.ById("StructureDefinition", "CarePlan")));
        Assert.Contains("\"compose\":{\"include\":[{\"system\":\"http://hl7.org/fhir/administrative-gender\"}]}",
            Text(R4.ByUrl("ValueSet", "http://hl7.org/fhir/ValueSet/administrative-gender")));
        Assert.Contains("{\"code\":\"female\"}", Text(R4.ById("CodeSystem", "administrative-gender")));
        Assert.Contains("which this server does not hold", Text(R4.ById("ValueSet", "condition-code")));
        Assert.Contains("\"expression\":\"CarePlan.", Text(R4.ById("SearchParameter", "CarePlan-activity-code")));
    }

    [Fact]
    public void A_package_stands_before_base_R4_and_a_profile_without_snapshot_gets_one()
    {
        var profile = Check.Definition("named", "Patient", """{"id":"Patient.name","path":"Patient.name","min":1}""",
            ",\"id\":\"Patient\"");
        var set = Check.Definitions(profile,
            """{"resourceType":"ValueSet","id":"mine","url":"http://hl7.org/fhir/ValueSet/administrative-gender","status":"draft"}""");
        var catalogue = new Catalogue(set);
        Assert.Equal("http://test.example/StructureDefinition/named", catalogue.ById("StructureDefinition", "Patient")!.Url);
        Assert.Equal("http://hl7.org/fhir/StructureDefinition/Patient", catalogue.ById("StructureDefinition", "Patient-2")!.Url);
        Assert.Equal("mine", catalogue.ByUrl("ValueSet", "http://hl7.org/fhir/ValueSet/administrative-gender")!.Id);
        var written = Text(catalogue.ByUrl("StructureDefinition", "http://test.example/StructureDefinition/named"));
        Assert.Contains("\"snapshot\":{\"element\":[{\"id\":\"Patient\"", written);
        Assert.Contains("\"differential\":{", written);
        var report = Check.With(new Validator(set, Check.Clock), written, []);
        Assert.Empty(report.Errors());
    }

    [Fact]
    public void Other_types_it_does_not_hold() => Assert.Null(R4.ById("Patient", "x"));

    private static string Text(CatalogueEntry? entry) => Encoding.UTF8.GetString(entry!.Write()!);
}
