using FhirCarePlan.Fhir.Tests.Validation;

namespace FhirCarePlan.Fhir.Tests.Definitions.Packages;

public class ValueSetCodesTests
{
    private const string Colours = """
        {"resourceType":"CodeSystem","url":"s:colour","status":"active","content":"complete","property":[{"code":"wave","type":"integer"}],"concept":[{"code":"warm","concept":[{"code":"red","property":[{"code":"wave","valueInteger":700}],"concept":[{"code":"scarlet"}]},{"code":"yellow"}]},{"code":"cold","concept":[{"code":"blue","property":[{"code":"wave","valueInteger":450}]}]},{"code":"navy","property":[{"code":"parent","valueCode":"blue"}]}]}
        """;
    private const string Part = """
        {"resourceType":"CodeSystem","url":"s:part","status":"active","content":"fragment","concept":[{"code":"known"}]}
        """;
    private const string Loose = """
        {"resourceType":"CodeSystem","url":"s:loose","status":"active","content":"complete","caseSensitive":false,"concept":[{"code":"Abc"}]}
        """;
    private const string Blue = """
        {"resourceType":"ValueSet","url":"http://test.example/blue","status":"active","compose":{"include":[{"system":"s:colour","concept":[{"code":"blue"}]}]}}
        """;

    [Theory]
    [InlineData("""{"include":[{"system":"s:colour"}]}""", "s:colour", "scarlet", true)]
    [InlineData("""{"include":[{"system":"s:colour"}]}""", "s:colour", "Scarlet", false)]
    [InlineData("""{"include":[{"system":"s:colour"}]}""", null, "red", true)]
    [InlineData("""{"include":[{"system":"s:colour"}]}""", "s:other", "red", false)]
    [InlineData("""{"include":[{"system":"s:colour","concept":[{"code":"red"}]}]}""", "s:colour", "blue", false)]
    [InlineData("""{"include":[{"system":"s:colour","filter":[{"property":"concept","op":"is-a","value":"red"}]}]}""", "s:colour", "red",
        true)]
    [InlineData("""{"include":[{"system":"s:colour","filter":[{"property":"concept","op":"descendent-of","value":"red"}]}]}""", "s:colour",
        "red", false)]
    [InlineData("""{"include":[{"system":"s:colour","filter":[{"property":"concept","op":"descendent-of","value":"warm"}]}]}""", "s:colour",
        "scarlet", true)]
    [InlineData("""{"include":[{"system":"s:colour","filter":[{"property":"concept","op":"is-not-a","value":"warm"}]}]}""", "s:colour",
        "blue", true)]
    [InlineData("""{"include":[{"system":"s:colour","filter":[{"property":"concept","op":"descendent-of","value":"cold"}]}]}""", "s:colour",
        "navy", true)]
    [InlineData("""{"include":[{"system":"s:colour","filter":[{"property":"concept","op":"generalizes","value":"scarlet"}]}]}""",
        "s:colour", "warm", true)]
    [InlineData("""{"include":[{"system":"s:colour","filter":[{"property":"wave","op":"=","value":"700"}]}]}""", "s:colour", "red", true)]
    [InlineData("""{"include":[{"system":"s:colour","filter":[{"property":"wave","op":"=","value":"700"}]}]}""", "s:colour", "blue", false)]
    [InlineData("""{"include":[{"system":"s:colour","filter":[{"property":"wave","op":"in","value":"450, 700"}]}]}""", "s:colour", "blue",
        true)]
    [InlineData("""{"include":[{"system":"s:colour","filter":[{"property":"wave","op":"exists","value":"false"}]}]}""", "s:colour",
        "yellow", true)]
    [InlineData("""{"include":[{"system":"s:colour","filter":[{"property":"code","op":"regex","value":"[a-r].*"}]}]}""", "s:colour", "red",
        true)]
    [InlineData("""{"include":[{"system":"s:colour","filter":[{"property":"code","op":"regex","value":"[a-r].*"}]}]}""", "s:colour",
        "yellow", false)]
    [InlineData("""{"include":[{"system":"s:colour","filter":[{"property":"parent","op":"=","value":"warm"}]}]}""", "s:colour", "red",
        true)]
    [InlineData("""{"include":[{"system":"urn:iso:std:iso:3166"}]}""", "urn:iso:std:iso:3166", "England", false)]
    [InlineData("""{"include":[{"system":"s:colour","filter":[{"property":"hue","op":"=","value":"1"}]}]}""", "s:colour", "red", null)]
    [InlineData("""{"include":[{"system":"s:colour"}],"exclude":[{"system":"s:colour","concept":[{"code":"red"}]}]}""", "s:colour", "red",
        false)]
    [InlineData("""{"include":[{"system":"s:colour"}],"exclude":[{"valueSet":["http://test.example/blue"]}]}""", "s:colour", "blue", false)]
    [InlineData("""{"include":[{"system":"s:colour"}],"exclude":[{"system":"s:colour","filter":[{"property":"hue","op":"=","value":"1"}]}]}""", "s:colour", "blue", null)]
    [InlineData("""{"include":[{"valueSet":["http://test.example/blue"]}]}""", "s:colour", "blue", true)]
    [InlineData("""{"include":[{"system":"s:colour","valueSet":["http://test.example/blue"]}]}""", "s:colour", "red", false)]
    [InlineData("""{"include":[{"valueSet":["http://test.example/set"]}]}""", "s:colour", "red", null)]
    [InlineData("""{"include":[{"valueSet":["http://nowhere.example"]}]}""", "s:colour", "red", null)]
    [InlineData("""{"include":[{"system":"s:part"}]}""", "s:part", "known", true)]
    [InlineData("""{"include":[{"system":"s:part"}]}""", "s:part", "else", null)]
    [InlineData("""{"include":[{"system":"s:loose"}]}""", "s:loose", "ABC", true)]
    [InlineData("""{"include":[{"system":"http://snomed.info/sct"}]}""", "http://snomed.info/sct", "1", null)]
    [InlineData("""{"include":[{"system":"http://snomed.info/sct"},{"system":"s:colour"}]}""", "s:colour", "red", true)]
    [InlineData("""{"include":[{"system":"http://hl7.org/fhir/administrative-gender"}]}""", "http://hl7.org/fhir/administrative-gender",
        "male", true)]
    [InlineData("""{"include":[{"system":"http://hl7.org/fhir/administrative-gender"}]}""", "http://hl7.org/fhir/administrative-gender",
        "m", false)]
    public void Decides_what_it_can(string compose, string? system, string code, bool? contained)
    {
        var set = Check.Definitions(Colours, Part, Loose, Blue,
            $$"""{"resourceType":"ValueSet","url":"http://test.example/set","status":"active","compose":{{compose}}}""");
        Assert.Equal(contained, set.ValueSet("http://test.example/set|1.0")!.Contains(system, code));
    }

    [Fact]
    public void An_expansion_alone_lists_what_there_is()
    {
        var codes = Check.Definitions("""
            {"resourceType":"ValueSet","url":"http://test.example/set","status":"active","expansion":{"timestamp":"2024-01-01","contains":[{"abstract":true,"code":"group","system":"s:a","contains":[{"system":"s:a","code":"x"}]}]}}
            """).ValueSet("http://test.example/set")!;
        Assert.Equal([true, false, false], new[] { "x", "group", "y" }.Select(c => codes.Contains("s:a", c)!.Value));
    }

    [Fact]
    public void R4s_own_sets_are_there_too() =>
        Assert.True(Check.Definitions(Blue).ValueSet("http://hl7.org/fhir/ValueSet/administrative-gender")!.Contains(null, "male"));
}
