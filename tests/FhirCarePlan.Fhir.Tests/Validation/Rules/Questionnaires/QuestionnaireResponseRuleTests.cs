using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Validation;

namespace FhirCarePlan.Fhir.Tests.Validation.Rules.Questionnaires;

public class QuestionnaireResponseRuleTests
{
    private const string Url = "http://test.example/Questionnaire/q", At = "QuestionnaireResponse";

    [Theory]
    [InlineData("""{"linkId":"a","type":"string"}""", """{"linkId":"a","answer":[{"valueString":"x"}]}""")]
    [InlineData("""{"linkId":"a","type":"string"}""", """{"linkId":"x","answer":[{"valueString":"x"}]}""", "questionnaire item[0]")]
    [InlineData("""{"linkId":"g","type":"group","item":[{"linkId":"a","type":"string"}]}""",
        """{"linkId":"a","answer":[{"valueString":"x"}]}""", "questionnaire item[0]")]
    [InlineData("""{"linkId":"a","type":"string"},{"linkId":"b","type":"string"}""",
        """{"linkId":"b","answer":[{"valueString":"x"}]},{"linkId":"a","answer":[{"valueString":"x"}]}""", "questionnaire item[1]")]
    [InlineData("""{"linkId":"a","type":"string","required":true}""", "", "questionnaire")]
    [InlineData("""{"linkId":"a","type":"string"}""",
        """{"linkId":"a","answer":[{"valueString":"x"}]},{"linkId":"a","answer":[{"valueString":"x"}]}""", "questionnaire")]
    [InlineData("""{"linkId":"a","type":"string","repeats":true}""",
        """{"linkId":"a","answer":[{"valueString":"x"}]},{"linkId":"a","answer":[{"valueString":"x"}]}""")]
    [InlineData("""{"linkId":"a","type":"string"}""", """{"linkId":"a","answer":[{"valueString":"x"},{"valueString":"y"}]}""",
        "questionnaire item[0]")]
    [InlineData("""{"linkId":"a","type":"string","repeats":true,"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/questionnaire-maxOccurs","valueInteger":1}]}""", """{"linkId":"a","answer":[{"valueString":"x"},{"valueString":"y"}]}""", "questionnaire item[0]")]
    [InlineData("""{"linkId":"a","type":"display"}""", """{"linkId":"a","answer":[{"valueString":"x"}]}""", "questionnaire item[0]")]
    [InlineData("""{"linkId":"g","type":"group","required":true,"item":[{"linkId":"a","type":"string"}]}""", """{"linkId":"g"}""",
        "questionnaire item[0]")]
    [InlineData("""{"linkId":"a","type":"string","item":[{"linkId":"b","type":"string"}]}""",
        """{"linkId":"a","item":[{"linkId":"b","answer":[{"valueString":"x"}]}]}""", "questionnaire item[0]")]
    [InlineData("""{"linkId":"a","type":"string","item":[{"linkId":"b","type":"string"}]}""",
        """{"linkId":"a","answer":[{"valueString":"x","item":[{"linkId":"b","answer":[{"valueString":"x"}]}]}]}""")]
    public void Items_are_those_of_the_questionnaire(string asked, string given, params string[] errors) =>
        Assert.Equal(errors, Errors(asked, given));

    /// <summary>An item that is there and says nothing answers nothing.</summary>
    [Theory]
    [InlineData("completed", "", true)]
    [InlineData("completed", """{"linkId":"a"}""", true)]
    [InlineData("completed", """{"linkId":"a","text":"How are you?"}""", true)]
    [InlineData("completed", """{"linkId":"a","answer":[{"item":[{"linkId":"b","answer":[{"valueString":"x"}]}]}]}""", true)]
    [InlineData("amended", """{"linkId":"a"}""", true)]
    [InlineData("completed", """{"linkId":"a","answer":[{"valueString":"x"}]}""", false)]
    [InlineData("completed", """{"linkId":"a","answer":[{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"asked-declined"}]}]}""", false)]
    [InlineData("in-progress", """{"linkId":"a"}""", false)]
    [InlineData("stopped", "", false)]
    [InlineData("entered-in-error", "", false)]
    public void A_required_question_has_an_answer(string status, string given, bool isRefused) => Assert.Equal(isRefused ? ["questionnaire"] : [],
        Errors("""{"linkId":"a","type":"string","required":true,"item":[{"linkId":"b","type":"string"}]}""", given, status));

    [Theory]
    [InlineData("Patient/1", false)]
    [InlineData("Group/1", true)]
    public void It_is_about_what_the_questionnaire_asks_about(string subject, bool isRefused)
    {
        var set = Check.Definitions($$"""{"resourceType":"Questionnaire","url":"{{Url}}","status":"active","subjectType":["Patient","RelatedPerson"],"item":[{"linkId":"a","type":"string"}]}""");
        Assert.Equal(isRefused ? ["questionnaire QuestionnaireResponse.subject"] : [], Check.With(new Validator(set, Check.Clock),
            $$$"""{"resourceType":"QuestionnaireResponse","status":"completed","questionnaire":"{{{Url}}}","subject":{"reference":"{{{subject}}}"}}""", []).Errors());
    }

    [Theory]
    [InlineData(true, "b", null)]
    [InlineData(true, "", "questionnaire")]
    [InlineData(false, "", null)]
    [InlineData(false, "b", "questionnaire item[1]")]
    public void A_question_applies_when_others_are_answered_so(bool answer, string second, string? error)
    {
        const string Asked =
            """{"linkId":"a","type":"boolean"},{"linkId":"b","type":"string","required":true,"enableWhen":[{"question":"a","operator":"=","answerBoolean":true}]}""";
        var given = $$"""{"linkId":"a","answer":[{"valueBoolean":{{(answer ? "true" : "false")}}}]}"""
            + (second == "" ? "" : """,{"linkId":"b","answer":[{"valueString":"x"}]}""");
        Assert.Equal(error == null ? [] : [error], Errors(Asked, given));
    }

    [Fact]
    public void While_it_is_in_progress_answers_may_be_missing() =>
        Assert.Empty(Errors("""{"linkId":"a","type":"string","required":true}""", "", "in-progress"));

    [Fact]
    public void A_questionnaire_that_is_not_at_hand_is_warned_of() => Assert.Equal(["warning questionnaire QuestionnaireResponse"],
        Check.Base("""{"resourceType":"QuestionnaireResponse","status":"completed","questionnaire":"http://nowhere.example/q"}""").Lines());

    internal static string[] Errors(string asked, string given, string status = "completed", params string[] others)
    {
        DefinitionSet set =
            Check.Definitions([$$"""{"resourceType":"Questionnaire","url":"{{Url}}","status":"active","item":[{{asked}}]}""", .. others]);
        var items = given == "" ? "" : $$""","item":[{{given}}]""";
        return [.. Check.With(new Validator(set, Check.Clock),
            $$"""{"resourceType":"QuestionnaireResponse","status":"{{status}}","questionnaire":"{{Url}}"{{items}}}""", []).Errors()
            .Select(e => e.Replace(At + ".", "").Replace(" " + At, ""))];
    }
}
