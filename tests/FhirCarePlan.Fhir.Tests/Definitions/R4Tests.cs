using System.Text;
using FhirCarePlan.Fhir.Definitions;

namespace FhirCarePlan.Fhir.Tests.Definitions;

/// <summary>What R4 says about some elements that its pages show, and that all of it hangs together.
/// https://hl7.org/fhir/R4/resourcelist.html</summary>
public class R4Tests
{
    [Theory]
    [InlineData("CarePlan", "status", "1..1", "code")]
    [InlineData("CarePlan", "subject", "1..1", "Reference")]
    [InlineData("CarePlan", "activity", "0..*", "CarePlan.activity")]
    [InlineData("CarePlan", "id", "0..1", "id")]
    [InlineData("CarePlan", "meta", "0..1", "Meta")]
    [InlineData("CarePlan", "contained", "0..*", "Resource")]
    [InlineData("CarePlan.activity", "id", "0..1", "string")]
    [InlineData("CarePlan.activity", "modifierExtension", "0..*", "Extension")]
    [InlineData("CarePlan.activity", "detail", "0..1", "CarePlan.activity.detail")]
    [InlineData("CarePlan.activity.detail", "scheduled", "0..1", "Timing|Period|string")]
    [InlineData("CareTeam.participant", "onBehalfOf", "0..1", "Reference")]
    [InlineData("Condition", "onset", "0..1", "dateTime|Age|Period|Range|string")]
    [InlineData("Consent", "category", "1..*", "CodeableConcept")]
    [InlineData("Consent.provision", "provision", "0..*", "Consent.provision")]
    [InlineData("Patient", "multipleBirth", "0..1", "boolean|integer")]
    [InlineData("Bundle.entry", "resource", "0..1", "Resource")]
    [InlineData("Bundle.entry", "link", "0..*", "Bundle.link")]
    [InlineData("Questionnaire.item", "item", "0..*", "Questionnaire.item")]
    [InlineData("QuestionnaireResponse.item.answer", "item", "0..*", "QuestionnaireResponse.item")]
    [InlineData("ExampleScenario.instance", "resourceType", "1..1", "code")]
    [InlineData("ValueSet.compose", "exclude", "0..*", "ValueSet.compose.include")]
    [InlineData("Extension", "url", "1..1", "uri")]
    [InlineData("Narrative", "div", "1..1", "xhtml")]
    [InlineData("Timing", "repeat", "0..1", "Timing.repeat")]
    [InlineData("Timing.repeat", "bounds", "0..1", "Duration|Range|Period")]
    [InlineData("Dosage", "timing", "0..1", "Timing")]
    [InlineData("Age", "value", "0..1", "decimal")]
    [InlineData("string", "extension", "0..*", "Extension")]
    [InlineData("code", "id", "0..1", "string")]
    [InlineData("xhtml", "id", "0..1", "string")]
    public void Knows_how_often_an_element_occurs_and_its_types(string type, string name, string range, string types)
    {
        var element = R4.Type(type)!.Element(name)!;
        Assert.Equal((range, types),
            ($"{element.Min}..{(element.Max == int.MaxValue ? "*" : element.Max)}",
                string.Join('|', element.Types.Select(t => t.TypeName))));
    }

    [Theory]
    [InlineData("string", "value")] // a primitive's value is the node's own
    [InlineData("xhtml", "extension")] // 0..0
    [InlineData("Patient", "value")]
    [InlineData("CarePlan.activity", "contained")]
    public void Has_no_such_element(string type, string name) => Assert.Null(R4.Type(type)!.Element(name));

    [Theory]
    [InlineData("MetadataResource")] // a logical model
    [InlineData("SimpleQuantity")] // a profile
    [InlineData("CarePlan.status")]
    [InlineData("careplan")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("CarePlan.")]
    public void Has_no_such_type(string name) => Assert.Equal((null, null), (R4.Type(name), R4.Type(Encoding.UTF8.GetBytes(name))));

    [Fact]
    public void A_name_of_any_length_and_bytes_is_only_unknown()
    {
        Assert.Null(R4.Type(new string('x', 100_000)));
        Assert.Null(R4.Type(Encoding.UTF8.GetBytes(new string('x', 100_000))));
        Assert.Null(R4.Type([0xFF, 0xC0, 0x80]));
    }

    [Theory]
    [InlineData("CarePlan", TypeKind.Resource, "DomainResource", false)]
    [InlineData("Bundle", TypeKind.Resource, "Resource", false)]
    [InlineData("Resource", TypeKind.Resource, null, true)]
    [InlineData("CarePlan.activity", TypeKind.Backbone, "BackboneElement", false)]
    [InlineData("Timing.repeat", TypeKind.Backbone, "Element", false)]
    [InlineData("BackboneElement", TypeKind.Complex, "Element", true)]
    [InlineData("Age", TypeKind.Complex, "Quantity", false)]
    [InlineData("Money", TypeKind.Complex, "Element", false)]
    [InlineData("code", TypeKind.Primitive, "string", false)]
    [InlineData("xhtml", TypeKind.Primitive, "Element", false)]
    public void Knows_kind_and_base(string name, TypeKind kind, string? baseName, bool isAbstract)
    {
        var type = R4.Type(name)!;
        Assert.Equal((kind, baseName, isAbstract), (type.Kind, type.Base?.Name, type.IsAbstract));
        Assert.Same(type, R4.Type(Encoding.UTF8.GetBytes(name)));
    }

    [Theory]
    [InlineData("Observation", "valueQuantity", "value", "Quantity")]
    [InlineData("Observation", "valueDateTime", "value", "dateTime")]
    [InlineData("Observation", "_valueDateTime", "value", "dateTime")]
    [InlineData("Extension", "valueCodeableConcept", "value", "CodeableConcept")]
    [InlineData("CarePlan", "_status", "status", "code")]
    [InlineData("Patient", "_id", "id", "id")]
    [InlineData("CarePlan.activity.detail", "productReference", "product", "Reference")]
    public void Finds_a_JSON_property(string type, string json, string element, string elementType)
    {
        var property = R4.Type(type)!.Property(json)!;
        Assert.Equal((element, elementType, json.StartsWith('_')), (property.Element.Name, property.Type.Name, property.IsCompanion));
    }

    [Theory]
    [InlineData("Observation", "value")]
    [InlineData("Observation", "valueAddress")]
    [InlineData("Observation", "value[x]")]
    [InlineData("Observation", "_valueQuantity")]
    [InlineData("Extension", "_url")] // an attribute in XML, so it has no extensions
    [InlineData("HumanName", "_id")]
    [InlineData("Narrative", "_div")]
    public void Has_no_such_JSON_property(string type, string json) => Assert.Null(R4.Type(type)!.Property(json));

    [Fact]
    public void Every_type_element_and_binding_refers_to_what_there_is()
    {
        // Addresses that are not value sets of R4; their bindings cannot be checked.
        string[] elsewhere = ["http://loinc.org/vs/LL379-9", "http://terminology.hl7.org/CodeSystem/processpriority",
            "http://www.rsna.org/RadLex_Playbook.aspx",
            "http://www.rfc-editor.org/bcp/bcp13.txt", "http://dicom.nema.org/medical/dicom/current/output/chtml/part16/sect_CID_29.html",
            "http://dicom.nema.org/medical/dicom/current/output/chtml/part04/sect_B.5.html#table_B.5-1"];
        var (elements, seen) = (0, new HashSet<string>());
        foreach (var name in R4.ResourceTypes.Concat(R4.DataTypes).Append("Resource").Append("DomainResource")) Check(R4.Type(name)!);
        Assert.InRange(elements, 7000, 9000);

        void Check(TypeInfo type)
        {
            if (!seen.Add(type.Name)) return;
            Assert.Same(type, R4.Type(type.Name));
            foreach (var element in type.Elements)
            {
                elements++;
                Assert.NotEmpty(element.Types);
                Assert.Same(type, element.Owner);
                Assert.Same(element, type.Elements[element.Order]);
                Assert.Equal(type.Name + "." + element.Name + (element.IsChoice ? "[x]" : ""), element.Path);
                Assert.DoesNotContain(element.Invariants, i => type.Invariants.Contains(i));
                foreach (var choice in element.Types)
                {
                    Assert.All(choice.Targets, target => Assert.Contains(target, R4.ResourceTypes));
                    Check(choice.Type);
                }
                if (element.Binding is { ValueSet.Length: > 0 } binding && !elsewhere.Contains(binding.ValueSet.Split('|')[0]))
                    Assert.NotNull(R4.ValueSet(binding.ValueSet));
            }
        }
    }

    [Fact]
    public void Lists_all_types()
    {
        Assert.Equal((146, 61), (R4.ResourceTypes.Count, R4.DataTypes.Count));
        Assert.Equal(["Account", "ActivityDefinition"], R4.ResourceTypes.Take(2));
        Assert.DoesNotContain("DomainResource", R4.ResourceTypes);
        Assert.Contains("BackboneElement", R4.DataTypes);
        Assert.Contains("xhtml", R4.DataTypes);
    }
}
