namespace FhirCarePlan.Fhir.Tests.Validation.Rules;

public class SlicerTests
{
    private const string BySystem = """
        {"path":"Patient.identifier","slicing":{"discriminator":[{"type":"value","path":"system"}],"rules":"open"}},
        {"path":"Patient.identifier","sliceName":"nhs","min":1,"max":"1"},
        {"path":"Patient.identifier.system","fixedUri":"s:nhs"},
        {"path":"Patient.identifier.value","min":1},
        {"path":"Patient.identifier","sliceName":"local","max":"1"},
        {"path":"Patient.identifier.system","fixedUri":"s:local"}
        """;

    [Theory]
    [InlineData("""{"system":"s:nhs","value":"1"}""")]
    [InlineData("""{"system":"s:other"},{"system":"s:nhs","value":"1"}""")]
    [InlineData("""{"system":"s:nhs"}""", "cardinality Patient.identifier[0]")]
    [InlineData("""{"system":"s:nhs","value":"1"},{"system":"s:nhs","value":"2"}""", "slice-cardinality Patient")]
    [InlineData("""{"system":"s:other"}""", "slice-cardinality Patient")]
    [InlineData("""{"system":"s:nhs","value":"1"},{"system":"s:local"},{"system":"s:local"}""", "slice-cardinality Patient")]
    public void By_value(string identifiers, params string[] errors) => Assert.Equal(errors, Patient(BySystem, identifiers));

    [Theory]
    [InlineData("closed", """{"system":"s:nhs","value":"1"},{"system":"s:x"}""", "slice-closed Patient.identifier[1]")]
    [InlineData("openAtEnd", """{"system":"s:x"},{"system":"s:nhs","value":"1"}""", "slice-order Patient.identifier[1]")]
    [InlineData("openAtEnd", """{"system":"s:nhs","value":"1"},{"system":"s:x"}""")]
    [InlineData("open\",\"ordered\":true,\"description\":\"x", """{"system":"s:local"},{"system":"s:nhs","value":"1"}""",
        "slice-order Patient.identifier[1]")]
    public void By_rules_and_order(string rules, string identifiers, params string[] errors) =>
        Assert.Equal(errors, Patient(BySystem.Replace("\"rules\":\"open\"", $"\"rules\":\"{rules}\""), identifiers));

    [Fact]
    public void A_slice_that_must_be_there_is_missed_when_the_element_is() =>
        Assert.Equal(["slice-cardinality Patient"], Check.Profile("Patient", BySystem, """{"resourceType":"Patient","active":true}""")
            .Errors());

    [Theory]
    [InlineData("""{"coding":[{"system":"s:a","code":"1"}]}""", "cardinality Condition.category[0]")]
    [InlineData("""{"coding":[{"system":"s:a","code":"1"}],"text":"x"}""")]
    [InlineData("""{"coding":[{"system":"s:a","code":"2"}]}""")]
    public void By_pattern(string category, params string[] errors) => Assert.Equal(errors, Condition("""
        {"path":"Condition.category","slicing":{"discriminator":[{"type":"pattern","path":"$this"}],"rules":"open"}},
        {"path":"Condition.category","sliceName":"one","patternCodeableConcept":{"coding":[{"system":"s:a","code":"1"}]}},
        {"path":"Condition.category.text","min":1}
        """, $"\"category\":[{category}]"));

    [Theory]
    [InlineData("""{"coding":[{"system":"s:a","code":"1"}]}""", "cardinality Condition.category[0]")]
    [InlineData("""{"coding":[{"system":"s:b","code":"1"},{"system":"s:a","code":"1"}]}""", "cardinality Condition.category[0]",
        "fixed Condition.category[0].coding[0].system")]
    [InlineData("""{"coding":[{"system":"s:b","code":"1"}]}""")]
    public void By_a_value_deep_below(string category, params string[] errors) => Assert.Equal(errors, Condition("""
        {"path":"Condition.category","slicing":{"discriminator":[{"type":"value","path":"coding.code"},{"type":"value","path":"coding.system"}],"rules":"open"}},
        {"path":"Condition.category","sliceName":"one"},
        {"path":"Condition.category.coding.system","fixedUri":"s:a"},
        {"path":"Condition.category.coding.code","fixedCode":"1"},
        {"path":"Condition.category.text","min":1}
        """, $"\"category\":[{category}]"));

    [Theory]
    [InlineData("\"onsetString\":\"x\"", "max-length Condition.onset")]
    [InlineData("\"onsetString\":\"\u00e9\"")]
    [InlineData("\"onsetDateTime\":\"2024\"")]
    public void By_type(string onset, params string[] errors) => Assert.Equal(errors, Condition("""
        {"path":"Condition.onset[x]","slicing":{"discriminator":[{"type":"type","path":"$this"}],"rules":"open"}},
        {"path":"Condition.onset[x]","sliceName":"onsetString","type":[{"code":"string"}],"maxLength":0}
        """.Replace("\"maxLength\":0", "\"maxLength\":" + (errors.Length > 0 ? 0 : 1)), onset));

    [Fact]
    public void A_choice_named_by_its_type_is_a_slice() => Assert.Equal(["cardinality Condition.onset"],
        Condition("""{"path":"Condition.onsetAge.comparator","min":1}""",
            "\"onsetAge\":{\"value\":4,\"system\":\"http://unitsofmeasure.org\",\"code\":\"a\"}"));

    [Theory]
    [InlineData("""{"system":"s:a","period":{"start":"2024"}}""", "cardinality Patient.identifier[0]")]
    [InlineData("""{"system":"s:a"}""")]
    public void By_existence(string identifier, params string[] errors) => Assert.Equal(errors, Patient("""
        {"path":"Patient.identifier","slicing":{"discriminator":[{"type":"exists","path":"period"}],"rules":"open"}},
        {"path":"Patient.identifier","sliceName":"dated"},
        {"path":"Patient.identifier.period","min":1},
        {"path":"Patient.identifier.value","min":1},
        {"path":"Patient.identifier","sliceName":"undated"},
        {"path":"Patient.identifier.period","max":"0"}
        """, identifier));

    [Theory]
    [InlineData("Practitioner/1", "cardinality Condition.evidence[0]")]
    [InlineData("Observation/1")]
    public void By_what_a_reference_leads_to(string reference, params string[] errors) => Assert.Equal(errors, Condition("""
        {"path":"Condition.evidence","slicing":{"discriminator":[{"type":"type","path":"detail.resolve()"}],"rules":"open"}},
        {"path":"Condition.evidence","sliceName":"person"},
        {"path":"Condition.evidence.code","min":1},
        {"path":"Condition.evidence.detail","type":[{"code":"Reference","targetProfile":["http://hl7.org/fhir/StructureDefinition/Practitioner"]}]}
        """, $$"""
        "evidence":[{"detail":[{"reference":"{{reference}}"}]}]
        """));

    [Theory]
    [InlineData("""{"system":"s:nhs","value":"1","use":"old"}""", "cardinality Patient.identifier[0]")]
    [InlineData("""{"system":"s:nhs","value":"1","use":"usual"}""")]
    public void A_slice_may_be_sliced_again(string identifier, params string[] errors) => Assert.Equal(errors, Patient(BySystem + """
        ,{"id":"Patient.identifier:nhs","path":"Patient.identifier","sliceName":"nhs","slicing":{"discriminator":[{"type":"value","path":"use"}],"rules":"open"}},
        {"id":"Patient.identifier:nhs/old","path":"Patient.identifier","sliceName":"nhs/old"},
        {"id":"Patient.identifier:nhs/old.use","path":"Patient.identifier.use","fixedCode":"old"},
        {"id":"Patient.identifier:nhs/old.period","path":"Patient.identifier.period","min":1}
        """, identifier));

    private static string[] Patient(string elements, string identifiers) =>
        Check.Profile("Patient", elements, $$"""{"resourceType":"Patient","identifier":[{{identifiers}}]}""").Errors();

    private static string[] Condition(string elements, string properties) =>
        Check.Profile("Condition", elements, $$$"""{"resourceType":"Condition","subject":{"display":"x"},{{{properties}}}}""").Errors();
}
