namespace FhirCarePlan.Fhir.Tests.Validation.Rules;

public class CanonicalRuleTests
{
    [Theory]
    [InlineData("http://hl7.org/fhir/ValueSet/administrative-gender", "canonical-target QuestionnaireResponse.questionnaire")]
    [InlineData("http://hl7.org/fhir/ValueSet/administrative-gender|4.0.1", "canonical-target QuestionnaireResponse.questionnaire")]
    [InlineData("http://nowhere.example/Questionnaire/x")]
    public void What_is_known_is_of_the_type_asked_for(string canonical, params string[] errors) =>
        Assert.Equal(errors,
            Check.Base($$"""{"resourceType":"QuestionnaireResponse","status":"completed","questionnaire":"{{canonical}}"}""").Errors());
}
