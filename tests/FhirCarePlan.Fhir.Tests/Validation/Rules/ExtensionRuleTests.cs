namespace FhirCarePlan.Fhir.Tests.Validation.Rules;

public class ExtensionRuleTests
{
    private const string Url = "http://test.example/StructureDefinition/ext";

    [Theory]
    [InlineData("""{"url":"http://unknown.example/x","valueString":"a"}""", "information extension-unknown Patient.extension[0]")]
    [InlineData("""{"url":"relative","valueString":"a"}""", "error extension-url Patient.extension[0]")]
    [InlineData("""{"url":"http://unknown.example/x","extension":[{"url":"part","valueString":"a"}]}""",
        "information extension-unknown Patient.extension[0]")]
    [InlineData("""{"url":"http://unknown.example/x"}""", "error ext-1 Patient.extension[0]",
        "information extension-unknown Patient.extension[0]")]
    [InlineData("""{"url":"http://unknown.example/x","valueString":"a","extension":[{"url":"part","valueString":"a"}]}""",
        "error ext-1 Patient.extension[0]", "information extension-unknown Patient.extension[0]")]
    public void Unknown_ones_are_mentioned_and_let_pass(string extension, params string[] lines) =>
        Assert.Equal(lines, Check.Base($$"""{"resourceType":"Patient","extension":[{{extension}}]}""").Lines());

    [Fact]
    public void An_unknown_modifier_is_warned_of() => Assert.Equal(["warning extension-unknown Patient.modifierExtension[0]"],
        Check.Base("""{"resourceType":"Patient","modifierExtension":[{"url":"http://unknown.example/x","valueString":"a"}]}""").Lines());

    [Theory]
    [InlineData("http://unknown.example/x", "extension-unknown Patient.extension[0]")]
    [InlineData("http://example.org/x")]
    public void Unknown_ones_can_be_refused(string url, params string[] errors) =>
        Assert.Equal(errors,
            Check.Base($$"""{"resourceType":"Patient","extension":[{"url":"{{url}}","valueString":"a"}]}""",
            new() { UnknownExtensionIsError = true }).Errors());

    [Fact]
    public void A_modifier_of_another_version_of_FHIR_is_one_here() => Assert.Equal(["extension-modifier Patient.extension[0]"], Check.Base(
        """{"resourceType":"Patient","extension":[{"url":"http://hl7.org/fhir/3.0/StructureDefinition/extension-Patient.animal","valueString":"a"}]}""").Errors());

    [Theory]
    [InlineData("""{"resourceType":"Patient","extension":[{"url":"URL","valueCode":"a"}]}""")]
    [InlineData("""{"resourceType":"Patient","extension":[{"url":"URL","valueString":"a"}]}""", "choice Patient.extension[0].value")]
    [InlineData("""{"resourceType":"Patient","extension":[{"url":"URL","extension":[{"url":"x","valueCode":"a"}]}]}""",
        "cardinality Patient.extension[0]", "cardinality Patient.extension[0]")]
    [InlineData("""{"resourceType":"Patient","name":[{"extension":[{"url":"URL","valueCode":"a"}],"text":"x"}]}""",
        "extension-context Patient.name[0].extension[0]")]
    [InlineData("""{"resourceType":"Patient","modifierExtension":[{"url":"URL","valueCode":"a"}]}""",
        "extension-modifier Patient.modifierExtension[0]")]
    public void A_known_one_is_held_to_its_definition(string json, params string[] errors) =>
        Assert.Equal(errors, With(json, """{"type":"element","expression":"Patient"}"""));

    [Theory]
    [InlineData("""{"type":"element","expression":"Patient.name"}""", true)]
    [InlineData("""{"type":"element","expression":"HumanName"}""", true)]
    [InlineData("""{"type":"element","expression":"Element"}""", true)]
    [InlineData("""{"type":"element","expression":"Patient"}""", false)]
    [InlineData("""{"type":"element","expression":"Patient.contact.name"}""", false)]
    [InlineData("""{"type":"element","expression":"Practitioner.name"}""", false)]
    [InlineData("""{"type":"fhirpath","expression":"Patient.name.where(use = 'usual')"}""", true)]
    [InlineData("""{"type":"fhirpath","expression":"Patient.name.where(use = 'old')"}""", false)]
    [InlineData("""{"type":"extension","expression":"http://other.example"}""", false)]
    [InlineData("""{"type":"element","expression":"CanonicalResource"}""", false)]
    public void Where_it_may_stand(string context, bool allowed) =>
        Assert.Equal(allowed,
            With("""{"resourceType":"Patient","name":[{"extension":[{"url":"URL","valueCode":"a"}],"use":"usual"}]}""", context)
            .Length == 0);

    [Fact]
    public void R5_calls_resources_with_an_address_canonical() =>
        Assert.Empty(With("""{"resourceType":"ValueSet","status":"active","extension":[{"url":"URL","valueCode":"a"}]}""",
            """{"type":"element","expression":"CanonicalResource"}"""));

    [Fact]
    public void Its_context_may_have_a_rule() => Assert.Equal(["context-invariant Patient"],
        With("""{"resourceType":"Patient","extension":[{"url":"URL","valueCode":"a"}],"active":true}""",
            """{"type":"element","expression":"Patient"}""", ",\"contextInvariant\":[\"active.not()\"]"));

    private static string[] With(string json, string context, string more = "")
    {
        var definition = Check.Definition("ext", "Extension",
            $$"""{"path":"Extension.extension","max":"0"},{"path":"Extension.url","fixedUri":"{{Url}}"},{"path":"Extension.value[x]","min":1,"type":[{"code":"code"}]}""",
            $",\"context\":[{context}]{more}");
        return Check.With(new Fhir.Validation.Validator(Check.Definitions(definition), Check.Clock), json.Replace("URL", Url), []).Errors();
    }
}
