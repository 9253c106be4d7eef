using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Care;

/// <summary>M2: one assessment for health and social care, not one for each agency. While an assessment of a person is in progress, a
/// second one by the same questionnaire is a conflict, and the answer says where the first is. The rule binds assessments that are begun
/// here, not those finished elsewhere; one that the writer may not see does not count.</summary>
public sealed class OneAssessment : ICareRule
{
    public string Id => "cpa-one-assessment";
    public IReadOnlyList<string> Reads => ["assessment-detail"];

    public void Check(Written written, ICase around, Report report)
    {
        if (written.Type != "QuestionnaireResponse" || !IsInProgress(written.Root) || IsInProgress(written.Old)
            || Questionnaire(written.Root) is not { } questionnaire) return;
        foreach (var other in around.All(written.Person, "QuestionnaireResponse", "in-progress"))
        {
            if (other.Id == written.Id || !IsInProgress(other.Document.Root) || Questionnaire(other.Document.Root) != questionnaire)
                continue;
            report.Error(IssueType.Duplicate, written.Root["questionnaire"], Id,
                $"This assessment of the person is already in progress. Continue QuestionnaireResponse/{other.Id}, or ask its author to "
                + $"finish it");
            return;
        }
    }

    private static bool IsInProgress(Node response) => !response.IsMissing && response.TextOf("status") == "in-progress";

    /// <summary>The canonical without its version: a new edition of the questions is the same assessment.</summary>
    private static string? Questionnaire(Node response) => response.TextOf("questionnaire")?.Split('|')[0];
}
