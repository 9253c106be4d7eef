using FhirCarePlan.Fhir.Definitions.Codes;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Tests.Validation;
using FhirCarePlan.Fhir.Tests.Validation.Suites;

namespace FhirCarePlan.Fhir.Tests.Definitions.Packages;

/// <summary>R4's own profiles and extensions are known without any package.</summary>
public class R4PackageTests
{
    private const string Place = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace";

    [Theory]
    [InlineData("Patient", "extension", "\"valueAddress\":{\"city\":\"x\"}")]
    [InlineData("Patient", "extension", "\"valueString\":\"x\"", "choice Patient.extension[0].value")]
    [InlineData("Patient", "modifierExtension", "\"valueAddress\":{\"city\":\"x\"}", "extension-modifier Patient.modifierExtension[0]")]
    [InlineData("Group", "extension", "\"valueAddress\":{\"city\":\"x\"}", "extension-context Group.extension[0]")]
    public void An_extension_has_its_value_its_place_and_its_weight(string type, string name, string value, params string[] errors) => Assert.Equal(errors,
        Check.Base($$"""{"resourceType":"{{type}}",{{(type == "Group" ? "\"type\":\"person\",\"actual\":true," : "")}}"{{name}}":[{"url":"{{Place}}",{{value}}}]}""").Errors());

    [Fact]
    public void A_profile_binds_who_claims_it() => Assert.Contains("vs-2 Observation", Check.Base(
        """{"resourceType":"Observation","meta":{"profile":["http://hl7.org/fhir/StructureDefinition/bp"]},"status":"final","code":{"text":"x"}}""").Errors());

    [Theory]
    [InlineData("http://hl7.org/fhir/StructureDefinition/vitalsigns")]
    [InlineData("http://hl7.org/fhir/StructureDefinition/vitalsigns|4.0.1")]
    public void A_profile_is_a_base_for_others(string canonical)
    {
        var set = Check.Definitions(Check.Definition("own", "Observation", """{"path":"Observation.performer","min":1}""")
            .Replace("http://hl7.org/fhir/StructureDefinition/Observation", canonical));
        var errors = Check.With(new(set, Check.Clock), """{"resourceType":"Observation","status":"final","code":{"text":"x"}}""", ["http://test.example/StructureDefinition/own"]).Issues
            .Where(i => i.IsError).Select(i => i.Text).ToList();
        Assert.Contains(errors, e => e.Contains("`performer`"));
        Assert.Contains(errors, e => e.Contains("`subject`"));
        Assert.Contains(errors, e => e.StartsWith("vs-2: If there is no component", StringComparison.Ordinal));
    }

    [Fact]
    public void A_package_may_say_it_anew()
    {
        var set = Check.Definitions($$$"""
            {"resourceType":"StructureDefinition","url":"{{{Place}}}","version":"5.3.0","name":"x","status":"active","kind":"complex-type","abstract":false,"context":[{"type":"element","expression":"Group"}],
            "type":"Extension","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Extension","derivation":"constraint","differential":{"element":[{"path":"Extension"},{"path":"Extension.value[x]","type":[{"code":"string"}]}]}}
            """);
        Assert.Empty(Check.With(new(set, Check.Clock), $$"""{"resourceType":"Group","type":"person","actual":true,"extension":[{"url":"{{Place}}","valueString":"x"}]}""", []).Errors());
        Assert.Equal("5.3.0", set.Profile(Place)!.Version);
    }

    [Fact]
    public void Four_hundred_of_them() => Assert.Equal((393, 48), (
        DefinitionSet.Base.Package.Files.Where(f => f.ResourceType == "StructureDefinition").Count(f => DefinitionSet.Base.Profile(f.Url!)!.IsExtension),
        DefinitionSet.Base.Package.Files.Where(f => f.ResourceType == "StructureDefinition").Count(f => !DefinitionSet.Base.Profile(f.Url!)!.IsExtension)));

    /// <summary>Without prose they say the same.</summary>
    [SharedFact]
    public void Each_has_the_snapshot_of_its_published_form()
    {
        var published = DefinitionSet.Base.With(Outside.Lines("data/definitions/StructureDefinition.ndjson.gz"), new());
        foreach (var file in DefinitionSet.Base.Package.Files.Where(f => f.ResourceType == "StructureDefinition"))
            Assert.Equal(published.Snapshot(file.Url!)!.Elements().Select(Line), DefinitionSet.Base.Snapshot(file.Url!)!.Elements().Select(Line));

        static string Line(FhirCarePlan.Fhir.Definitions.Profiles.ElementDefinition e) => string.Join(" ", e.Id, e.Min, e.Max, string.Join(",", e.Types.Select(t => $"{t.Code}[{string.Join("|", t.Profiles)}]({string.Join("|", t.Targets)})")),
            e.Binding, string.Join(",", e.Constraints.Select(c => $"{c.Key} {c.IsError} {c.Expression} {c.Human}")), e.Slicing?.Rules, string.Join(",", e.Slicing?.Discriminators ?? []), e.IsModifier,
            e.Fixed.IsMissing ? "" : e.Fixed.Text ?? "parts", e.Pattern.IsMissing ? "" : "pattern", e.MaxLength, e.MaxValue.Text);
    }

    /// <summary>What the official definitions say of each code is what our maps say.</summary>
    [SharedFact]
    public void Every_concept_map_of_R4_translates_every_code_as_published()
    {
        var count = 0;
        foreach (var file in PackageReader.FromLines(SharedData.Folder("data/definitions/ConceptMap.ndjson.gz")!, new Report()).Files)
        {
            var ours = DefinitionSet.Base.Resource("ConceptMap", $"{file.Url}|4.0.1");
            if (ours.IsMissing) ours = DefinitionSet.Base.Resource("ConceptMap", file.Url!);
            using var published = DefinitionSet.Parse(file, new Report())!;
            foreach (var group in published.Root.All("group"))
                foreach (var element in group.All("element"))
                {
                    var code = element.TextOf("code")!;
                    var expected = published.Root.All("group").ToList().SelectMany(g => g.All("element").ToList().Where(e => e.TextOf("code") == code)
                        .SelectMany(e => e.All("target").ToList().Select(t => $"{t.TextOf("equivalence")} {g.TextOf("target")} {t.TextOf("code")}")));
                    Assert.Equal(expected, Translation.Of(ours, null, code, null, false).Select(t => $"{t.Equivalence} {t.System} {t.Code}"));
                    count++;
                }
        }
        Assert.Equal(684, count);
    }
}
