using FhirCarePlan.Fhir.Definitions.Profiles;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Tests.Validation;

namespace FhirCarePlan.Fhir.Tests.Definitions.Profiles;

public class SnapshotGeneratorTests
{
    [Fact]
    public void Everything_of_the_base_is_there_in_its_order()
    {
        var ids = Ids("Patient", """{"path":"Patient.name","min":1}""");
        Assert.Equal(["Patient", "Patient.id", "Patient.meta", "Patient.implicitRules", "Patient.language", "Patient.text"], ids[..6]);
        Assert.Contains("Patient.deceased[x]", ids);
        Assert.Contains("Patient.contact.name", ids);
        Assert.DoesNotContain("Patient.name.family", ids);
    }

    [Fact]
    public void A_data_type_is_walked_into_where_the_profile_does()
    {
        var ids = Ids("Patient", """{"path":"Patient.contact.name.period.start","min":1}""");
        var at = ids.IndexOf("Patient.contact.name");
        Assert.Equal(["Patient.contact.name.id", "Patient.contact.name.extension", "Patient.contact.name.use"], ids.GetRange(at + 1, 3));
        Assert.Contains("Patient.contact.name.period.start", ids);
    }

    [Fact]
    public void Slices_come_after_the_element_and_its_children()
    {
        var ids = Ids("Patient", """
            {"path":"Patient.identifier","slicing":{"discriminator":[{"type":"value","path":"system"}],"rules":"open"}},
            {"path":"Patient.identifier","sliceName":"a"},
            {"path":"Patient.identifier.system","fixedUri":"s:a"},
            {"path":"Patient.identifier","sliceName":"b"}
            """);
        var at = ids.IndexOf("Patient.identifier");
        Assert.Equal("Patient.identifier:a", ids[at + 1]);
        Assert.Equal("Patient.identifier:a.id", ids[at + 2]);
        Assert.Equal("Patient.active", ids[ids.IndexOf("Patient.identifier:b") + 1]);
    }

    [Theory]
    [InlineData("""{"path":"Observation.valueQuantity","min":1}""")]
    [InlineData("""{"path":"Observation.value[x]","sliceName":"valueQuantity","min":1}""")]
    [InlineData("""{"id":"Observation.value[x]:valueQuantity","path":"Observation.valueQuantity","sliceName":"valueQuantity","min":1}""")]
    public void A_choice_is_sliced_by_type_however_it_is_written(string element)
    {
        var value = Snapshot("Observation", element).Root.Child("value")!;
        Assert.Equal("type", value.Definition.Slicing!.Discriminators.Single().Type);
        Assert.Equal(("valueQuantity", 1, "Quantity"),
            (value.Slices.Single().SliceName, value.Slices[0].Definition.Min!.Value, value.Slices[0].Definition.Types.Single().Code));
        Assert.Equal(11, value.Definition.Types.Count);
    }

    [Fact]
    public void A_content_reference_is_walked_into_at_any_depth()
    {
        var ids = Ids("Questionnaire", """{"path":"Questionnaire.item.item.item.text","min":1}""");
        Assert.Contains("Questionnaire.item.item.item.text", ids);
    }

    [Fact]
    public void Profiles_build_on_profiles()
    {
        var set = Check.Definitions(
            Check.Definition("a", "Patient",
                """{"path":"Patient.name","min":1,"constraint":[{"key":"a-1","severity":"error","human":"x","expression":"true"}]}"""),
            Check.Definition("b", "Patient",
                """{"path":"Patient.name","max":"2","constraint":[{"key":"b-1","severity":"error","human":"x","expression":"true"}]}""")
                .Replace("http://hl7.org/fhir/StructureDefinition/Patient", "http://test.example/StructureDefinition/a"));
        var name = set.Snapshot("http://test.example/StructureDefinition/b")!.Root.Child("name")!.Definition;
        Assert.Equal((1, 2), (name.Min, name.Max));
        Assert.Equal(["a-1", "b-1"], name.Constraints.Select(c => c.Key));
    }

    [Theory]
    [InlineData("""{"path":"Patient.colour"}""", "`colour` is not an element of Patient")]
    [InlineData("""{"path":"Patient.name.colour.depth"}""", "`colour` is not an element of Patient.name")]
    [InlineData("""{"path":"Patient.name","sliceName":"a"},{"path":"Patient.name","sliceName":"b"}""",
        "`a` is a slice of Patient.name, which is not sliced")]
    public void What_leads_nowhere_is_reported_and_the_rest_counts(string elements, string problem)
    {
        var report = new Report();
        var set = Check.Definitions(Check.Definition("test", "Patient", elements + """,{"path":"Patient.active","min":1}"""));
        Assert.Equal(1, set.Snapshot("http://test.example/StructureDefinition/test", report)!.Root.Child("active")!.Definition.Min);
        Assert.Equal(problem, report.Issues.Single().Text);
    }

    private static List<string> Ids(string type, string elements) => [.. Snapshot(type, elements).Elements().Select(e => e.Id!)];

    private static Snapshot Snapshot(string type, string elements)
    {
        var report = new Report();
        var snapshot = Check.Definitions(Check.Definition("test", type, elements))
            .Snapshot("http://test.example/StructureDefinition/test", report)!;
        Assert.Empty(report.Issues);
        return snapshot;
    }
}
