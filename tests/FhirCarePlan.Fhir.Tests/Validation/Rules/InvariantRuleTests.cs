namespace FhirCarePlan.Fhir.Tests.Validation.Rules;

public class InvariantRuleTests
{
    [Theory]
    [InlineData("active = true")]
    [InlineData("name.exists()", "error t-1 Patient")]
    [InlineData("name.given = 'x'")] // empty is not false
    [InlineData("name.", "warning t-1 Patient")]
    [InlineData("(active | gender).single()", "warning t-1 Patient")] // two items: it cannot be evaluated
    [InlineData("gender > 1", "warning t-1 Patient")]
    public void Only_false_violates_it(string expression, params string[] lines) =>
        Assert.Equal(lines, Rule("Patient", expression, "error", """{"resourceType":"Patient","active":true,"gender":"male"}"""));

    [Fact]
    public void A_warning_stays_one() =>
        Assert.Equal(["warning t-1 Patient"], Rule("Patient", "name.exists()", "warning", """{"resourceType":"Patient","active":true}"""));

    [Fact]
    public void Is_asked_of_each_repetition() => Assert.Equal(["error t-1 Patient.name[1]"],
        Rule("Patient.name", "family.exists()", "error", """{"resourceType":"Patient","name":[{"family":"a"},{"text":"b"}]}"""));

    [Fact]
    public void Stated_on_what_is_contained_it_speaks_of_the_container() =>
        Assert.Empty(Rule("Patient.contained", "%resource is Patient and $this is Organization", "error",
        """{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o","name":"x"}],"managingOrganization":{"reference":"#o"}}"""));

    [Fact]
    public void May_ask_a_value_set_of_the_package() => Assert.Equal(["t-1 Patient.maritalStatus"], Check.Profile("Patient",
        """{"path":"Patient.maritalStatus","constraint":[{"key":"t-1","severity":"error","human":"x","expression":"memberOf('http://test.example/vs')"}]}""",
        """{"resourceType":"Patient","maritalStatus":{"coding":[{"system":"s:a","code":"2"}]}}""",
        """{"resourceType":"ValueSet","url":"http://test.example/vs","status":"active","compose":{"include":[{"system":"s:a","concept":[{"code":"1"}]}]}}""").Errors());

    [Fact]
    public void One_that_cannot_be_evaluated_says_so_in_its_words()
    {
        var issue = Assert.Single(Check.Profile("Patient",
            """{"path":"Patient","constraint":[{"key":"t-1","severity":"error","human":"One thing at a time","expression":"(active | gender).single()"}]}""",
            """{"resourceType":"Patient","active":true,"gender":"male"}""").Issues, i => i.Key == "t-1");
        Assert.Equal((FhirCarePlan.Fhir.Model.IssueSeverity.Warning, FhirCarePlan.Fhir.Model.IssueType.NotSupported), (issue.Severity, issue.Code));
        Assert.Contains("could not be evaluated", issue.Text);
        Assert.Contains("One thing at a time", issue.Text);
    }

    /// <summary>Otherwise a body made to be expensive would escape every rule.</summary>
    [Fact]
    public void One_that_runs_out_of_steps_is_refused()
    {
        var family = new string('a', 60) + "!";
        Assert.Equal(["t-1 Patient"], Check.Profile("Patient",
            """{"path":"Patient","constraint":[{"key":"t-1","severity":"error","human":"x","expression":"name.family.matches('^(a+)+\\\\1$')"}]}""",
            $$"""{"resourceType":"Patient","name":[{"family":"{{family}}"}]}""").Errors());
    }

    [Theory]
    [InlineData("error", "true", "warning t-1 Patient")]
    [InlineData("error", "false", "error t-1 Patient")]
    [InlineData("warning", "true", "warning t-1 Patient")]
    public void A_best_practice_is_advice(string severity, string isBestPractice, string line) => Assert.Equal([line], Check.Profile("Patient", $$"""
        {"path":"Patient","constraint":[{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/elementdefinition-bestpractice","valueBoolean":{{isBestPractice}}}],
        "key":"t-1","severity":"{{severity}}","human":"x","expression":"name.exists()"}]}
        """, """{"resourceType":"Patient","active":true}""").Lines());

    [Fact]
    public void A_derived_profile_has_the_rules_of_its_base()
    {
        const string rule = """{"path":"Patient","constraint":[{"key":"t-1","severity":"error","human":"x","expression":"name.exists()"}]}""";
        var set = Check.Definitions(Check.Definition("first", "Patient", rule), Check.Definition("second", "Patient",
            """{"path":"Patient.name","constraint":[{"key":"t-2","severity":"error","human":"x","expression":"family.exists()"}]}""")
            .Replace("http://hl7.org/fhir/StructureDefinition/Patient", "http://test.example/StructureDefinition/first"));
        string[] Errors(string name) => Check.With(new(set, Check.Clock), $$"""{"resourceType":"Patient","active":true{{name}} }""",
            ["http://test.example/StructureDefinition/second"]).Errors();
        Assert.Equal(["t-1 Patient"], Errors(""));
        Assert.Equal(["t-2 Patient.name[0]"], Errors(",\"name\":[{\"text\":\"x\"}]"));
    }

    [Fact]
    public void One_of_an_extension_or_a_data_type_holds_where_these_are_used()
    {
        string Defined(string name, string type, string rule) => Check.Definition(name, type, rule).Replace("\"kind\":\"resource\"", "\"kind\":\"complex-type\"");
        var extension = Defined("risk", "Extension", """
            {"path":"Extension","constraint":[{"key":"t-ext","severity":"error","human":"x","expression":"value > 3"}]},
            {"path":"Extension.url","fixedUri":"http://test.example/StructureDefinition/risk"},{"path":"Extension.value[x]","type":[{"code":"integer"}]}
            """);
        var address = Defined("home", "Address", """{"path":"Address","constraint":[{"key":"t-type","severity":"warning","human":"x","expression":"city.exists()"}]}""");
        Assert.Equal(["error t-ext Patient.extension[0]", "warning t-type Patient.address[0]"], Check.Profile("Patient",
            """{"path":"Patient.address","type":[{"code":"Address","profile":["http://test.example/StructureDefinition/home"]}]}""",
            """{"resourceType":"Patient","extension":[{"url":"http://test.example/StructureDefinition/risk","valueInteger":2}],"address":[{"text":"x"}]}""",
            extension, address).Lines());
    }

    [Theory]
    [InlineData("Patient.contact", "%resource is Patient and %rootResource is Patient")]
    [InlineData("Patient.contained", "%resource is Patient and %rootResource is Patient and $this is Organization")]
    public void Resource_and_root_of_what_is_inside(string path, string expression) => Assert.Empty(Rule(path, expression, "error",
        """{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o","name":"x"}],"managingOrganization":{"reference":"#o"},"contact":[{"relationship":[{"text":"x"}],"name":{"text":"x"}}]}"""));

    [Theory]
    [InlineData("%resource is Bundle and %rootResource is Bundle", true)]
    [InlineData("%context is Patient", true)]
    [InlineData("%rootResource is Patient", false)]
    public void Stated_on_an_entry_it_speaks_of_the_bundle(string expression, bool holds) => Assert.Equal(holds ? [] : ["t-1 Bundle.entry[0].resource"],
        Check.Profile("Bundle", $$"""{"path":"Bundle.entry.resource","constraint":[{"key":"t-1","severity":"error","human":"x","expression":"{{expression}}"}]}""",
            """{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:oid:1.2","resource":{"resourceType":"Patient"}}]}""").Errors());

    [Theory]
    [InlineData("%rootResource is Patient")]
    [InlineData("%resource is Organization")]
    public void A_resource_in_an_entry_is_its_own_root(string expression)
    {
        var isRoot = expression.StartsWith("%root", StringComparison.Ordinal);
        var set = Check.Definitions(Check.Definition("inner", isRoot ? "Patient" : "Organization",
            $$"""{"path":"{{(isRoot ? "Patient" : "Organization")}}","constraint":[{"key":"t-1","severity":"error","human":"x","expression":"{{expression}}"}]}"""));
        const string claim = "\"meta\":{\"profile\":[\"http://test.example/StructureDefinition/inner\"]}";
        Assert.Empty(Check.With(new(set, Check.Clock), $$$"""
            {"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:oid:1.2","resource":{"resourceType":"Patient"{{{(isRoot ? "," + claim : "")}}},
            "contained":[{"resourceType":"Organization","id":"o"{{{(isRoot ? "" : "," + claim)}}},"name":"x"}],"managingOrganization":{"reference":"#o"} } }]}
            """, []).Errors());
    }

    private static string[] Rule(string path, string expression, string severity, string json) => Check.Profile("Patient",
        $$"""{"path":"{{path}}","constraint":[{"key":"t-1","severity":"{{severity}}","human":"a rule","expression":"{{expression}}"}]}""",
            json).Lines();
}
