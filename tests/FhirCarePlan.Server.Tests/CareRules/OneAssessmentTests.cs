using System.Text.Json.Nodes;
using FhirCarePlan.Server.Answers;

using static FhirCarePlan.Server.Tests.CareRules.Sheet;

namespace FhirCarePlan.Server.Tests.CareRules;

/// <summary>M2.</summary>
[Collection("ward")]
public sealed class OneAssessmentTests(Ward ward)
{
    [Fact]
    public async Task An_assessment_in_progress_is_gone_on_with()
    {
        var ash = await ward.Arrives();
        Assert.Equal("", (await ash.Create("QuestionnaireResponse/first", Assessment("in-progress", "1.0"))).Errors);
        var second = await ash.Create("QuestionnaireResponse/second", Assessment("in-progress", "1.1"));
        Assert.Equal((AnswerKind.Conflict, "cpa-one-assessment"), (second.Kind, second.Errors));
        Assert.Contains(ash["QuestionnaireResponse/first"], second.Faults[0].Text, StringComparison.Ordinal);

        Assert.Equal("", (await ash.Create("QuestionnaireResponse/finished-elsewhere", Assessment("completed", "1.0"))).Errors);
        Assert.Equal("", (await ash.Change("QuestionnaireResponse/first", a => a["authored"] = "2026-02-02T09:00:00Z")).Errors);
        Assert.Equal("", (await ash.Change("QuestionnaireResponse/first", a => a["status"] = "completed")).Errors);
        Assert.Equal("", (await ash.Create("QuestionnaireResponse/second", Assessment("in-progress", "1.1"))).Errors);
    }

    private static JsonObject Assessment(string status, string version) => Json($$"""
        {"resourceType": "QuestionnaireResponse", "status": "{{status}}", "questionnaire": "https://assessment.example/Questionnaire/everything|{{version}}", "subject": {"reference": "Patient/ash"} }
        """);
}
