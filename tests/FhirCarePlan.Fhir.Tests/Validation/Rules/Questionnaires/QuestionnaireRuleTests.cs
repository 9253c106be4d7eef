namespace FhirCarePlan.Fhir.Tests.Validation.Rules.Questionnaires;

public class QuestionnaireRuleTests
{
    [Theory]
    [InlineData("b", "error enable-when Questionnaire.item[1].enableWhen[0]")] // itself
    [InlineData("b1", "error enable-when Questionnaire.item[1].enableWhen[0]")] // within it
    [InlineData("x", "error enable-when Questionnaire.item[1].enableWhen[0]")]
    [InlineData("a")]
    [InlineData("c", "warning enable-when Questionnaire.item[1].enableWhen[0]")] // later
    public void A_condition_speaks_of_an_earlier_question(string question, params string[] lines) => Assert.Equal(lines, Check.Base($$$"""
        {"resourceType":"Questionnaire","status":"active","item":[{"linkId":"a","type":"boolean"},
        {"linkId":"b","type":"group","enableWhen":[{"question":"{{{question}}}","operator":"exists","answerBoolean":true}],"item":[{"linkId":"b1","type":"boolean"}]},{"linkId":"c","type":"boolean"}]}
        """).Lines().Where(l => l.Contains("enable-when")));

    [Fact]
    public void Two_conditions_say_how_they_go_together() => Assert.Contains("que-12 Questionnaire.item[1]", Check.Base("""
        {"resourceType":"Questionnaire","status":"active","item":[{"linkId":"a","type":"boolean"},
        {"linkId":"b","type":"string","enableWhen":[{"question":"a","operator":"exists","answerBoolean":true},{"question":"a","operator":"=","answerString":"x"}]}]}
        """).Errors());
}
