namespace FhirCarePlan.Fhir.Tests.Validation.Rules;

/// <summary>Where the value that tells slices apart may stand, and how paths lead to it.</summary>
public class DiscriminatorTests
{
    private const string Mr = """{"coding":[{"system":"s:types","code":"MR"}]}""", Pi = """{"coding":[{"system":"s:types","code":"PI"}]}""";

    /// <summary>A slice `mr` whose instances must have a value; the statement on `type` is the test's.</summary>
    private static string Slice(string discriminators, string type) => $$$"""
        {"id":"Patient.identifier","path":"Patient.identifier","slicing":{"discriminator":[{{{discriminators}}}],"rules":"open"}},
        {"id":"Patient.identifier:mr","path":"Patient.identifier","sliceName":"mr"},
        {{{type}}},
        {"id":"Patient.identifier:mr.value","path":"Patient.identifier.value","min":1}
        """;

    private static string Value(string path) => $$$"""{"type":"value","path":"{{{path}}}"}""";

    [Theory]
    [InlineData("type.coding.code", """ "patternCodeableConcept":{"coding":[{"code":"MR"}]}""")]
    [InlineData("type.coding.system", """ "patternCodeableConcept":{"coding":[{"system":"s:types","code":"MR"}]}""")]
    [InlineData("type.coding", """ "patternCodeableConcept":{"coding":[{"system":"s:types","code":"MR"}]}""")]
    [InlineData("type", """ "patternCodeableConcept":{"coding":[{"system":"s:types"}]}""")]
    [InlineData("type.coding.code", """ "fixedCodeableConcept":{"coding":[{"system":"s:types","code":"MR"}]}""")]
    [InlineData("type.coding", """ "fixedCodeableConcept":{"coding":[{"system":"s:types","code":"MR"}]}""")]
    public void In_a_pattern_or_fixed_value_above(string path, string type)
    {
        var slice = Slice(Value(path), $$$"""{"id":"Patient.identifier:mr.type","path":"Patient.identifier.type",{{{type}}}}""");
        Assert.Equal(["cardinality Patient.identifier[0]"], Patient(slice, $$$"""{"type":{{{Mr}}}}"""));
        Assert.Empty(Patient(slice, $$$"""{"type":{{{Mr}}},"value":"1"}"""));
        Assert.Empty(Patient(slice, """{"type":{"coding":[{"system":"s:others","code":"XX"}]}}"""));
        Assert.Empty(Patient(slice, """{"type":{"text":"MR"}}"""));
    }

    [Fact]
    public void In_the_pattern_of_the_slice_itself()
    {
        var slice = Slice(Value("type.coding.code"), """{"id":"Patient.identifier:mr.use","path":"Patient.identifier.use"}""")
            .Replace("\"sliceName\":\"mr\"", "\"sliceName\":\"mr\",\"patternIdentifier\":{\"type\":{\"coding\":[{\"code\":\"MR\"}]}}");
        Assert.Equal(["cardinality Patient.identifier[0]"], Patient(slice, $$$"""{"type":{{{Mr}}}}"""));
        Assert.Empty(Patient(slice, $$$"""{"type":{{{Pi}}}}"""));
    }

    [Fact]
    public void All_items_of_a_pattern_count()
    {
        var slice = Slice(Value("type.coding.code"),
            """{"id":"Patient.identifier:mr.type","path":"Patient.identifier.type","patternCodeableConcept":{"coding":[{"code":"MR"},{"code":"X"}]}}""");
        Assert.Empty(Patient(slice, $$$"""{"type":{{{Mr}}}}"""));
        Assert.Equal(["cardinality Patient.identifier[0]"], Patient(slice, """{"type":{"coding":[{"code":"X"},{"code":"MR"}]}}"""));
    }

    [Fact]
    public void One_above_and_one_below_the_other_both_count()
    {
        var slice = Slice(Value("type.coding.code") + "," + Value("type.coding.system"), """
            {"id":"Patient.identifier:mr.type","path":"Patient.identifier.type","patternCodeableConcept":{"coding":[{"code":"MR"}]}},
            {"id":"Patient.identifier:mr.type.coding.system","path":"Patient.identifier.type.coding.system","fixedUri":"s:types"}
            """);
        Assert.Equal(["cardinality Patient.identifier[0]"], Patient(slice, $$$"""{"type":{{{Mr}}}}"""));
        Assert.Empty(Patient(slice, """{"type":{"coding":[{"system":"s:others","code":"MR"}]}}"""));
    }

    [Fact]
    public void In_a_profile_of_the_type()
    {
        const string nhs = """{"resourceType":"StructureDefinition","url":"http://test.example/StructureDefinition/mr-id","name":"mr","status":"active","kind":"complex-type","abstract":false,"type":"Identifier","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Identifier","derivation":"constraint","differential":{"element":[{"path":"Identifier"},{"path":"Identifier.type","patternCodeableConcept":{"coding":[{"code":"MR"}]}}]}}""";
        var slice = Slice(Value("type.coding.code"), """{"id":"Patient.identifier:mr.use","path":"Patient.identifier.use"}""")
            .Replace("\"sliceName\":\"mr\"", "\"sliceName\":\"mr\",\"type\":[{\"code\":\"Identifier\",\"profile\":[\"http://test.example/StructureDefinition/mr-id|1.0\"]}]");
        Assert.Equal(["cardinality Patient.identifier[0]"], Patient(slice, $$$"""{"type":{{{Mr}}}}""", nhs));
        Assert.Empty(Patient(slice, $$$"""{"type":{{{Pi}}}}""", nhs));
    }

    [Fact]
    public void In_a_base_profile_while_the_derived_one_adds_to_the_slice()
    {
        var first = Check.Definition("first", "Patient", Slice(Value("type.coding.code"),
            """{"id":"Patient.identifier:mr.type","path":"Patient.identifier.type","patternCodeableConcept":{"coding":[{"code":"MR"}]}}"""));
        var set = Check.Definitions(first, Check.Definition("second", "Patient", """
            {"id":"Patient.identifier:mr","path":"Patient.identifier","sliceName":"mr","min":1,"max":"1"},
            {"id":"Patient.identifier:mr.period","path":"Patient.identifier.period","min":1}
            """).Replace("http://hl7.org/fhir/StructureDefinition/Patient", "http://test.example/StructureDefinition/first"));
        string[] Errors(string identifiers) => Check.With(new(set, Check.Clock), $$$"""{"resourceType":"Patient","identifier":[{{{identifiers}}}]}""",
            ["http://test.example/StructureDefinition/second"]).Errors();
        Assert.Equal(["slice-cardinality Patient"], Errors($$$"""{"type":{{{Pi}}}}"""));
        Assert.Equal(["cardinality Patient.identifier[0]"], Errors($$$"""{"type":{{{Mr}}},"value":"1"}"""));
        Assert.Equal(["slice-cardinality Patient"],
            Errors($$$"""{"type":{{{Mr}}},"value":"1","period":{"start":"2024"}},{"type":{{{Mr}}},"value":"2","period":{"start":"2024"}}"""));
    }

    [Fact]
    public void Two_slices_by_the_pattern_above()
    {
        var slices = $$$"""
            {"id":"Patient.identifier","path":"Patient.identifier","slicing":{"discriminator":[{{{Value("type.coding.code")}}}],"rules":"closed"}},
            {"id":"Patient.identifier:mr","path":"Patient.identifier","sliceName":"mr","min":1,"max":"1"},
            {"id":"Patient.identifier:mr.type","path":"Patient.identifier.type","min":1,"patternCodeableConcept":{{{Mr}}}},
            {"id":"Patient.identifier:pi","path":"Patient.identifier","sliceName":"pi","max":"1"},
            {"id":"Patient.identifier:pi.type","path":"Patient.identifier.type","min":1,"patternCodeableConcept":{{{Pi}}}}
            """;
        Assert.Empty(Patient(slices, $$$"""{"type":{{{Pi}}}},{"type":{{{Mr}}}}"""));
        Assert.Equal(["slice-cardinality Patient"], Patient(slices, $$$"""{"type":{{{Pi}}}}"""));
        Assert.Equal(["slice-cardinality Patient"], Patient(slices, $$$"""{"type":{{{Mr}}}},{"type":{{{Pi}}}},{"type":{{{Pi}}}}"""));
        Assert.Equal(["slice-closed Patient.identifier[1]"], Patient(slices, $$$"""{"type":{{{Mr}}}},{"value":"x"}"""));
    }

    [Theory]
    [InlineData("""{"system":"http://test.example/cs","code":"a"}""", "cardinality Condition.category[0]")]
    [InlineData("""{"system":"http://test.example/cs","code":"b"}""")]
    public void By_a_binding(string coding, params string[] errors) => Assert.Equal(errors, Condition("""
        {"path":"Condition.category","slicing":{"discriminator":[{"type":"value","path":"$this"}],"rules":"open"}},
        {"path":"Condition.category","sliceName":"listed","binding":{"strength":"required","valueSet":"http://test.example/vs"}},
        {"path":"Condition.category.text","min":1}
        """, "\"category\":[{\"coding\":[" + coding + "]}]", Listed("http://test.example/vs", "http://test.example/cs", "a")));

    /// <summary>Nobody here knows which codes SNOMED CT has below one: neither is proved.</summary>
    [Theory]
    [InlineData("http://snomed.info/sct", "warning slice-closed Condition.category[0]")]
    [InlineData("http://test.example/cs", "error slice-closed Condition.category[0]", "error slice-cardinality Condition")]
    public void By_a_binding_that_cannot_be_decided(string system, params string[] lines) => Assert.Equal(lines, Check.Profile("Condition", """
        {"path":"Condition.category","slicing":{"discriminator":[{"type":"value","path":"$this"}],"rules":"closed"}},
        {"path":"Condition.category","sliceName":"listed","min":1,"binding":{"strength":"required","valueSet":"http://test.example/vs"}}
        """, $$$"""{"resourceType":"Condition","subject":{"display":"x"},"category":[{"coding":[{"system":"{{{system}}}","code":"1"}]}]}""",
        """{"resourceType":"ValueSet","url":"http://test.example/vs","status":"active","compose":{"include":[{"system":"http://snomed.info/sct","filter":[{"property":"concept","op":"is-a","value":"404684003"}]}]}}""")
        .Lines().Where(l => l.Contains("slice")).OrderDescending().OrderBy(l => l.Contains("slice-cardinality")));

    private const string Risk = "http://test.example/StructureDefinition/risk";

    private static readonly string RiskExtension = $$$"""
        {"resourceType":"StructureDefinition","url":"{{{Risk}}}","name":"risk","status":"active","kind":"complex-type","abstract":false,"type":"Extension","context":[{"type":"element","expression":"Element"}],
        "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Extension","derivation":"constraint","differential":{"element":[{"path":"Extension"},{"path":"Extension.url","fixedUri":"{{{Risk}}}"},
        {"path":"Extension.value[x]","type":[{"code":"code"}]}]}}
        """;

    [Theory]
    [InlineData("high", "cardinality Condition.note[0]")]
    [InlineData("low")]
    public void Through_an_extension(string risk, params string[] errors) => Assert.Equal(errors, Condition($$$"""
        {"id":"Condition.note","path":"Condition.note","slicing":{"discriminator":[{"type":"value","path":"extension('{{{Risk}}}').value"}],"rules":"open"}},
        {"id":"Condition.note:high","path":"Condition.note","sliceName":"high"},
        {"id":"Condition.note:high.extension:risk","path":"Condition.note.extension","sliceName":"risk","min":1,"type":[{"code":"Extension","profile":["{{{Risk}}}|2.0.0"]}]},
        {"id":"Condition.note:high.extension:risk.value[x]","path":"Condition.note.extension.value[x]","fixedCode":"high"},
        {"id":"Condition.note:high.time","path":"Condition.note.time","min":1}
        """, $$$"""
        "note":[{"text":"x","extension":[{"url":"{{{Risk}}}","valueCode":"{{{risk}}}"}]}]
        """, RiskExtension));

    [Theory]
    [InlineData("", "cardinality Condition.note[0]")]
    [InlineData(""","extension":[{"url":"http://test.example/StructureDefinition/risk","valueCode":"low"}]""")]
    public void By_an_extension_that_exists_or_not(string extension, params string[] errors) => Assert.Equal(errors, Condition($$$"""
        {"id":"Condition.note","path":"Condition.note","slicing":{"discriminator":[{"type":"exists","path":"extension('{{{Risk}}}')"}],"rules":"closed"}},
        {"id":"Condition.note:plain","path":"Condition.note","sliceName":"plain"},
        {"id":"Condition.note:plain.extension:risk","path":"Condition.note.extension","sliceName":"risk","max":"0","type":[{"code":"Extension","profile":["{{{Risk}}}"]}]},
        {"id":"Condition.note:plain.time","path":"Condition.note.time","min":1},
        {"id":"Condition.note:risky","path":"Condition.note","sliceName":"risky"},
        {"id":"Condition.note:risky.extension:risk","path":"Condition.note.extension","sliceName":"risk","min":1,"type":[{"code":"Extension","profile":["{{{Risk}}}"]}]}
        """, $$$"""
        "note":[{"text":"x"{{{extension}}}}]
        """, RiskExtension));

    [Theory]
    [InlineData("Patient", "cardinality Composition.section[0].entry[0]")]
    [InlineData("Organization")]
    public void By_the_type_of_an_entry(string type, params string[] errors) => Assert.Equal(errors, Check.Profile("Composition", """
        {"id":"Composition.section.entry","path":"Composition.section.entry","slicing":{"discriminator":[{"type":"type","path":"resolve()"}],"rules":"open"}},
        {"id":"Composition.section.entry:who","path":"Composition.section.entry","sliceName":"who","type":[{"code":"Reference","targetProfile":["http://hl7.org/fhir/StructureDefinition/Patient"]}]},
        {"id":"Composition.section.entry:who.display","path":"Composition.section.entry.display","min":1}
        """, $$$"""{"resourceType":"Composition","status":"final","type":{"text":"x"},"date":"2024","author":[{"display":"x"}],"title":"x","section":[{"entry":[{"reference":"{{{type}}}/1"}]}]}""").Errors());

    [Theory]
    [InlineData("\"active\":true", "cardinality Condition.evidence[0].detail[0]")]
    [InlineData("\"gender\":\"male\"")]
    public void By_the_profile_of_what_a_reference_leads_to(string property, params string[] errors) => Assert.Equal(errors, Condition("""
        {"id":"Condition.evidence.detail","path":"Condition.evidence.detail","slicing":{"discriminator":[{"type":"profile","path":"resolve()"}],"rules":"open"}},
        {"id":"Condition.evidence.detail:known","path":"Condition.evidence.detail","sliceName":"known","type":[{"code":"Reference","targetProfile":["http://test.example/StructureDefinition/active"]}]},
        {"id":"Condition.evidence.detail:known.display","path":"Condition.evidence.detail.display","min":1}
        """, "\"evidence\":[{\"detail\":[{\"reference\":\"#p\"}]}],\"contained\":[{\"resourceType\":\"Patient\",\"id\":\"p\"," + property + "}]",
        Check.Definition("active", "Patient", """{"path":"Patient.active","min":1}""")));

    [Theory]
    [InlineData("\"valueString\":\"x\"", "slice-closed Observation.value")]
    [InlineData("\"valueInteger\":1")]
    [InlineData("\"valueQuantity\":{\"value\":1}", "cardinality Observation.value")]
    public void A_choice_may_be_closed(string value, params string[] errors) => Assert.Equal(errors, Check.Profile("Observation", """
        {"id":"Observation.value[x]","path":"Observation.value[x]","slicing":{"discriminator":[{"type":"type","path":"$this"}],"rules":"closed"}},
        {"id":"Observation.value[x]:valueQuantity","path":"Observation.value[x]","sliceName":"valueQuantity","type":[{"code":"Quantity"}]},
        {"id":"Observation.value[x]:valueQuantity.unit","path":"Observation.value[x].unit","min":1},
        {"id":"Observation.value[x]:valueInteger","path":"Observation.value[x]","sliceName":"valueInteger","type":[{"code":"integer"}]}
        """, $$$"""{"resourceType":"Observation","status":"final","code":{"text":"x"},{{{value}}}}""").Errors());

    private const string Panel = """
        {"id":"Observation.component","path":"Observation.component","slicing":{"discriminator":[{"type":"value","path":"code.coding.code"}],"rules":"open"}},
        {"id":"Observation.component:outer","path":"Observation.component","sliceName":"outer","min":1},
        {"id":"Observation.component:outer.code","path":"Observation.component.code","patternCodeableConcept":{"coding":[{"code":"outer"}]}},
        {"id":"Observation.component:outer.interpretation","path":"Observation.component.interpretation","slicing":{"discriminator":[{"type":"value","path":"coding.system"}],"rules":"closed"},"min":1},
        {"id":"Observation.component:outer.interpretation:local","path":"Observation.component.interpretation","sliceName":"local","min":1,"max":"1"},
        {"id":"Observation.component:outer.interpretation:local.coding","path":"Observation.component.interpretation.coding","patternCoding":{"system":"s:local"}}
        """;

    [Theory]
    [InlineData("""{"coding":[{"system":"s:local","code":"1"}]}""")]
    [InlineData("""{"coding":[{"system":"s:other","code":"1"}]}""", "slice-closed Observation.component[0].interpretation[0]", "slice-cardinality Observation.component[0]")]
    [InlineData("""{"coding":[{"system":"s:local","code":"1"}]},{"coding":[{"system":"s:local","code":"2"}]}""", "slice-cardinality Observation.component[0]")]
    public void Slices_within_slices(string interpretations, params string[] errors) => Assert.Equal(errors.Order(), Check.Profile("Observation", Panel,
        $$$"""{"resourceType":"Observation","status":"final","code":{"text":"x"},"component":[{"code":{"coding":[{"code":"outer"}]},"interpretation":[{{{interpretations}}}]}]}""")
        .Errors().Order());

    private const string Again = """
        {"id":"Patient.identifier","path":"Patient.identifier","slicing":{"discriminator":[{"type":"value","path":"system"}],"rules":"open"}},
        {"id":"Patient.identifier:nhs","path":"Patient.identifier","sliceName":"nhs","slicing":{"discriminator":[{"type":"value","path":"use"}],"rules":"RULES","ordered":ORDERED}},
        {"id":"Patient.identifier:nhs.system","path":"Patient.identifier.system","fixedUri":"s:nhs"},
        {"id":"Patient.identifier:nhs/usual","path":"Patient.identifier","sliceName":"nhs/usual","max":"1"},
        {"id":"Patient.identifier:nhs/usual.use","path":"Patient.identifier.use","fixedCode":"usual"},
        {"id":"Patient.identifier:nhs/old","path":"Patient.identifier","sliceName":"nhs/old"},
        {"id":"Patient.identifier:nhs/old.use","path":"Patient.identifier.use","fixedCode":"old"}
        """;

    [Theory]
    [InlineData("closed", false, """{"system":"s:nhs","use":"temp"}""", "slice-closed Patient.identifier[0]")]
    [InlineData("closed", false, """{"system":"s:x","use":"temp"},{"system":"s:nhs","use":"old"}""")]
    [InlineData("open", false, """{"system":"s:nhs","use":"temp"}""")]
    [InlineData("open", false, """{"system":"s:nhs","use":"usual"},{"system":"s:nhs","use":"usual"}""", "slice-cardinality Patient")]
    [InlineData("open", true, """{"system":"s:nhs","use":"old"},{"system":"s:x"},{"system":"s:nhs","use":"usual"}""", "slice-order Patient.identifier[2]")]
    [InlineData("openAtEnd", false, """{"system":"s:nhs","use":"temp"},{"system":"s:nhs","use":"usual"}""", "slice-order Patient.identifier[1]")]
    [InlineData("openAtEnd", false, """{"system":"s:x"},{"system":"s:nhs","use":"usual"},{"system":"s:nhs","use":"temp"}""")]
    public void A_slice_divides_by_rules_of_its_own(string rules, bool isOrdered, string identifiers, params string[] errors) =>
        Assert.Equal(errors, Patient(Again.Replace("RULES", rules).Replace("ORDERED", isOrdered ? "true" : "false"), identifiers));

    [Fact]
    public void A_derived_profile_may_close_what_its_base_left_open()
    {
        var set = Check.Definitions(
            Check.Definition("first", "Patient", """
                {"id":"Patient.identifier","path":"Patient.identifier","slicing":{"discriminator":[{"type":"value","path":"system"}],"rules":"open"}},
                {"id":"Patient.identifier:nhs","path":"Patient.identifier","sliceName":"nhs"},
                {"id":"Patient.identifier:nhs.system","path":"Patient.identifier.system","fixedUri":"s:nhs"}
                """),
            Check.Definition("second", "Patient", """
                {"id":"Patient.identifier","path":"Patient.identifier","slicing":{"rules":"closed"}},
                {"id":"Patient.identifier:nhs","path":"Patient.identifier","sliceName":"nhs","max":"2"},
                {"id":"Patient.identifier:local","path":"Patient.identifier","sliceName":"local","max":"0"},
                {"id":"Patient.identifier:local.system","path":"Patient.identifier.system","fixedUri":"s:local"}
                """).Replace("http://hl7.org/fhir/StructureDefinition/Patient", "http://test.example/StructureDefinition/first"));
        string[] Errors(string identifiers) => Check.With(new(set, Check.Clock), $$$"""{"resourceType":"Patient","identifier":[{{{identifiers}}}]}""",
            ["http://test.example/StructureDefinition/second"]).Errors();
        Assert.Empty(Errors("""{"system":"s:nhs"},{"system":"s:nhs"}"""));
        Assert.Equal(["slice-closed Patient.identifier[1]"], Errors("""{"system":"s:nhs"},{"system":"s:x"}"""));
        Assert.Equal(["slice-cardinality Patient"], Errors("""{"system":"s:local"}"""));
        Assert.Equal(["slice-cardinality Patient"], Errors("""{"system":"s:nhs"},{"system":"s:nhs"},{"system":"s:nhs"}"""));
    }

    [Theory]
    [InlineData("""{"value":"1"}""", "cardinality Patient.identifier[0]")]
    [InlineData("""{"value":"1","period":{"start":"2024"}}""")]
    [InlineData("""{"value":"1","period":{"end":"2024"}}""", "cardinality Patient.identifier[0]")]
    public void By_existence_below_what_may_be_absent(string identifier, params string[] errors) => Assert.Equal(errors, Patient("""
        {"id":"Patient.identifier","path":"Patient.identifier","slicing":{"discriminator":[{"type":"exists","path":"period.start"}],"rules":"open"}},
        {"id":"Patient.identifier:begun","path":"Patient.identifier","sliceName":"begun"},
        {"id":"Patient.identifier:begun.period","path":"Patient.identifier.period","min":1},
        {"id":"Patient.identifier:begun.period.start","path":"Patient.identifier.period.start","min":1},
        {"id":"Patient.identifier:other","path":"Patient.identifier","sliceName":"other"},
        {"id":"Patient.identifier:other.period.start","path":"Patient.identifier.period.start","max":"0"},
        {"id":"Patient.identifier:other.use","path":"Patient.identifier.use","min":1}
        """, identifier));

    private static string Listed(string url, string system, string code) =>
        $$$"""{"resourceType":"ValueSet","url":"{{{url}}}","status":"active","compose":{"include":[{"system":"{{{system}}}","concept":[{"code":"{{{code}}}"}]}]}}""";

    private static string[] Patient(string elements, string identifiers, params string[] others) =>
        Check.Profile("Patient", elements, $$$"""{"resourceType":"Patient","identifier":[{{{identifiers}}}]}""", others).Errors();

    private static string[] Condition(string elements, string properties, params string[] others) =>
        Check.Profile("Condition", elements, $$$"""{"resourceType":"Condition","subject":{"display":"x"},{{{properties}}}}""", others).Errors();
}
