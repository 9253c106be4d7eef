namespace FhirCarePlan.Fhir.Tests.Validation.Rules.Questionnaires;

public class AnswerRulesTests
{
    private const string Extension = "http://hl7.org/fhir/StructureDefinition/";
    private const string Kilograms = """{"value":10,"system":"http://unitsofmeasure.org","code":"kg"}""";

    [Theory]
    [InlineData("decimal", "", "\"valueDecimal\":1.5", true)]
    [InlineData("decimal", "", "\"valueString\":\"1.5\"", false)]
    [InlineData("url", "", "\"valueUri\":\"http://a.example\"", true)]
    [InlineData("url", "", "\"valueCoding\":{\"code\":\"a\"}", false)]
    [InlineData("text", "\"maxLength\":3", "\"valueString\":\"abc\"", true)]
    [InlineData("text", "\"maxLength\":3", "\"valueString\":\"abcd\"", false)]
    [InlineData("choice", "", "\"valueString\":\"anything\"", true)]
    [InlineData("choice", "\"answerOption\":[{\"valueCoding\":{\"system\":\"s:a\",\"code\":\"x\"}}]",
        "\"valueCoding\":{\"system\":\"s:a\",\"code\":\"x\"}", true)]
    [InlineData("choice", "\"answerOption\":[{\"valueCoding\":{\"system\":\"s:a\",\"code\":\"x\"}}]",
        "\"valueCoding\":{\"system\":\"s:a\",\"code\":\"y\"}", false)]
    [InlineData("choice", "\"answerOption\":[{\"valueCoding\":{\"system\":\"s:a\",\"code\":\"x\"}}]", "\"valueString\":\"x\"", false)]
    [InlineData("open-choice", "\"answerOption\":[{\"valueCoding\":{\"system\":\"s:a\",\"code\":\"x\"}}]", "\"valueString\":\"x\"", true)]
    [InlineData("time", "\"answerOption\":[{\"valueTime\":\"10:00:00\"}]", "\"valueTime\":\"09:00:00\"", false)]
    [InlineData("choice", "\"answerValueSet\":\"http://hl7.org/fhir/ValueSet/administrative-gender\"",
        "\"valueCoding\":{\"system\":\"http://hl7.org/fhir/administrative-gender\",\"code\":\"male\"}", true)]
    [InlineData("choice", "\"answerValueSet\":\"http://hl7.org/fhir/ValueSet/administrative-gender\"",
        "\"valueCoding\":{\"system\":\"s:a\",\"code\":\"male\"}", false)]
    public void Answers_are_of_the_type_and_among_the_options(string type, string more, string value, bool valid) =>
        Assert.Equal(valid, IsValid(type, more, value));

    [Theory]
    [InlineData("decimal", "minValue", "\"valueDecimal\":2", "\"valueDecimal\":2", true)]
    [InlineData("decimal", "minValue", "\"valueDecimal\":2", "\"valueDecimal\":1.9", false)]
    [InlineData("date", "maxValue", "\"valueDate\":\"2024-06-30\"", "\"valueDate\":\"2024-07-01\"", false)]
    [InlineData("dateTime", "maxValue", "\"valueDateTime\":\"2022-06\"", "\"valueDateTime\":\"2022-06-30\"", false)]
    [InlineData("dateTime", "minValue", "\"valueDateTime\":\"2020\"", "\"valueDateTime\":\"2020-02\"", true)]
    [InlineData("quantity", "maxValue", "\"valueQuantity\":" + Kilograms,
        "\"valueQuantity\":{\"value\":9000,\"system\":\"http://unitsofmeasure.org\",\"code\":\"g\"}", true)]
    [InlineData("quantity", "maxValue", "\"valueQuantity\":" + Kilograms,
        "\"valueQuantity\":{\"value\":11000,\"system\":\"http://unitsofmeasure.org\",\"code\":\"g\"}", false)]
    [InlineData("quantity", "maxValue", "\"valueQuantity\":" + Kilograms,
        "\"valueQuantity\":{\"value\":1,\"system\":\"http://unitsofmeasure.org\",\"code\":\"m\"}", false)]
    [InlineData("quantity", "questionnaire-unitOption", "\"valueCoding\":{\"system\":\"http://unitsofmeasure.org\",\"code\":\"kg\"}",
        "\"valueQuantity\":" + Kilograms, true)]
    [InlineData("quantity", "questionnaire-unitOption", "\"valueCoding\":{\"system\":\"http://unitsofmeasure.org\",\"code\":\"g\"}",
        "\"valueQuantity\":" + Kilograms, false)]
    [InlineData("attachment", "mimeType", "\"valueCode\":\"image/gif\"", "\"valueAttachment\":{\"contentType\":\"image/gif\"}", true)]
    [InlineData("attachment", "mimeType", "\"valueCode\":\"image/gif\"", "\"valueAttachment\":{\"contentType\":\"application/pdf\"}",
        false)]
    [InlineData("decimal", "maxDecimalPlaces", "\"valueInteger\":1", "\"valueDecimal\":1.50", false)]
    [InlineData("decimal", "maxDecimalPlaces", "\"valueInteger\":2", "\"valueDecimal\":1.50", true)]
    [InlineData("string", "regex", "\"valueString\":\"[A-Z]{2}\\\\d\"", "\"valueString\":\"AB1\"", true)]
    [InlineData("string", "regex", "\"valueString\":\"[A-Z]{2}\\\\d\"", "\"valueString\":\"xAB1\"", false)]
    [InlineData("string", "regex", "\"valueString\":\"(a)\\\\1\"", "\"valueString\":\"b\"", true)]
    [InlineData("attachment", "maxSize", "\"valueDecimal\":1", "\"valueAttachment\":{\"size\":1000000}", true)]
    [InlineData("attachment", "maxSize", "\"valueDecimal\":1", "\"valueAttachment\":{\"size\":1000001}", false)]
    [InlineData("reference", "questionnaire-referenceResource", "\"valueCode\":\"Patient\"", "\"valueReference\":{\"reference\":\"Patient/1\"}", true)]
    [InlineData("reference", "questionnaire-referenceResource", "\"valueCode\":\"Patient\"", "\"valueReference\":{\"reference\":\"Group/1\"}", false)]
    public void Limits_are_kept(string type, string extension, string limit, string value, bool valid) =>
        Assert.Equal(valid, IsValid(type, $$"""
            "extension":[{"url":"{{Extension}}{{extension}}",{{limit}}}]
            """, value));

    [Theory]
    [InlineData("\"valueString\":\"😀😀😀\"", true)]
    [InlineData("\"valueString\":\"😀😀😀😀\"", false)]
    public void Length_counts_characters(string value, bool valid) => Assert.Equal(valid, IsValid("string", "\"maxLength\":3", value));

    [Theory]
    [InlineData("none", true)]
    [InlineData("none,a", false)]
    [InlineData("a,b", true)]
    public void An_exclusive_option_stands_alone(string chosen, bool valid)
    {
        const string Options = $$$"""
            {"valueCoding":{"code":"none"},"extension":[{"url":"{{{Extension}}}questionnaire-optionExclusive","valueBoolean":true}]},{"valueCoding":{"code":"a"}},{"valueCoding":{"code":"b"}}
            """;
        var answers = string.Join(',', chosen.Split(',').Select(c => $$$"""{"valueCoding":{"code":"{{{c}}}"}}"""));
        Assert.Equal(valid, QuestionnaireResponseRuleTests.Errors($$"""{"linkId":"a","type":"choice","repeats":true,"answerOption":[{{Options}}]}""",
            $$"""{"linkId":"a","answer":[{{answers}}]}""").Length == 0);
    }

    private static bool IsValid(string type, string more, string value) => QuestionnaireResponseRuleTests.Errors(
        $$"""{"linkId":"a","type":"{{type}}"{{(more == "" ? "" : "," + more)}}}""", $$"""{"linkId":"a","answer":[{ {{value}} }]}""")
            .Length == 0;
}
