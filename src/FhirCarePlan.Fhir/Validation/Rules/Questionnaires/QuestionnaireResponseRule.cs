using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules.Questionnaires;

/// <summary>A response answers the questions of its questionnaire, where that is at hand: items known and in place and in order, required
/// ones answered, answers of the type, number and range allowed. https://hl7.org/fhir/R4/questionnaireresponse.html#link</summary>
internal sealed class QuestionnaireResponseRule : IRule
{
    private const string Key = "questionnaire";

    public void Check(Node response, Run run)
    {
        if (response.TextOf("questionnaire") is not { } canonical) return;
        var questionnaire = canonical.StartsWith('#') ? run.References.ContainedTarget(response, response["questionnaire"].Utf8[1..])
            : run.Definitions.Resource("Questionnaire", canonical);
        if (questionnaire.IsMissing && run.Options.Questionnaire is { } stored) questionnaire = stored(canonical);
        if (questionnaire.IsMissing || questionnaire.Type.Name != "Questionnaire")
        {
            run.Warning(IssueType.NotFound, response, Key,
                $"The answers could not be checked: the questionnaire `{canonical}` is not known here");
            return;
        }
        CheckSubject(response, questionnaire, run);
        // What was begun, given up or entered in error may lack answers.
        var isWhole = response.TextOf("status") is not ("in-progress" or "stopped" or "entered-in-error");
        new Answering(questionnaire, !isWhole, run).CheckItems(response, questionnaire);
    }

    /// <summary>https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.subjectType</summary>
    private static void CheckSubject(Node response, Node questionnaire, Run run)
    {
        if (questionnaire["subjectType"].IsMissing || response["subject"] is not { IsMissing: false } subject) return;
        if ((Reference.Of(subject).Type ?? subject.TextOf("type")) is not { } type) return;
        foreach (var allowed in questionnaire.All("subjectType"))
            if (allowed.Text == type) return;
        run.Error(IssueType.Invalid, subject, Key, $"The subject is a `{type}`; the questionnaire asks about {Listed(questionnaire)}");

        static string Listed(Node questionnaire) => string.Join(" or ", questionnaire.All("subjectType").ToList().Select(t => $"`{t.Text}`"));
    }

    /// <summary>One response held against one questionnaire.</summary>
    private sealed class Answering(Node questionnaire, bool isPartial, Run run)
    {
        private Dictionary<string, Node>? all;

        /// <param name="given">The response, an item or an answer.</param>
        /// <param name="asked">The questionnaire or the item whose items are asked for there.</param>
        public void CheckItems(Node given, Node asked)
        {
            var last = -1;
            foreach (var item in given.All("item"))
            {
                if (item.TextOf("linkId") is not { } id) continue; // cardinality says so
                var question = Find(asked, id);
                if (question.IsMissing)
                {
                    if ((all ??= QuestionnaireItems.ByLinkId(questionnaire)).ContainsKey(id))
                        run.Error(IssueType.Structure, item, Key, $"The item `{id}` is not where the questionnaire has it");
                    else run.Error(IssueType.NotFound, item, Key, $"The item `{id}` is not in the questionnaire");
                    continue;
                }
                // One that comes again is told of once, as one too many.
                if (question.Position0 < last && Find(given, id) == item)
                    run.Error(IssueType.Structure, item, Key, $"The item `{id}` is not in the questionnaire's order");
                last = Math.Max(last, question.Position0);
            }
            foreach (var question in asked.All("item")) CheckQuestion(given, question);
        }

        private void CheckQuestion(Node given, Node question)
        {
            if (question.TextOf("linkId") is not { } id) return;
            var isEnabled = EnableWhen.IsEnabled(question, given);
            var (count, isThere, isAnswered) = (0, false, false);
            foreach (var item in given.All("item"))
            {
                if (item.TextOf("linkId") != id) continue;
                isThere = true;
                isAnswered |= HasValue(item);
                if (!item["answer"].IsMissing || !item["item"].IsMissing)
                {
                    count++;
                    if (isEnabled == false)
                        run.Error(IssueType.Invalid, item, Key, $"The item `{id}` has an answer, but the other answers do not enable it");
                }
                else if (question.TextOf("type") == "group" && question.TextOf("required") == "true" && isEnabled == true
                    && !question["item"].IsMissing)
                    Required(item, $"The required group `{id}` holds no items");
                CheckItem(item, question, id);
            }
            if (count > 1 && question.TextOf("repeats") != "true")
                run.Error(IssueType.Invalid, given, Key, $"The item `{id}` occurs {count} times; it must occur once");
            if (question.TextOf("required") != "true" || isEnabled != true) return;
            var isGroup = question.TextOf("type") is "group" or "display";
            if (isGroup ? !isThere : !isAnswered) Required(given, $"The required item `{id}` has no answer");
        }

        /// <summary>An answer that holds nothing but further items answers nothing.</summary>
        private static bool HasValue(Node item)
        {
            foreach (var answer in item.All("answer"))
                if (!answer["value"].IsMissing || !answer["extension"].IsMissing) return true;
            return false;
        }

        private void Required(Node at, string text)
        {
            if (isPartial) run.Warning(IssueType.Required, at, Key, text);
            else run.Error(IssueType.Required, at, Key, text);
        }

        private void CheckItem(Node item, Node question, string id)
        {
            var type = question.TextOf("type");
            var isText = type is "group" or "display";
            if (isText && !item["answer"].IsMissing)
                run.Error(IssueType.Structure, item, Key, $"`{id}` is a `{type}`, which takes no answers");
            if (type == "question" && !item["answer"].IsMissing)
                run.Error(IssueType.Structure, item, Key, $"`{id}` is of the abstract type `question`, which takes no answers");
            if (type != "group" && !item["item"].IsMissing)
                run.Error(IssueType.Structure, item, Key, type == "display" ? $"`{id}` is a `display`, which has no items"
                    : $"`{id}` is not a group: put the items below its answer");
            if (type == "group") CheckItems(item, question);
            if (isText || type is null or "question") return;
            AnswerCount.Check(item, question, run);
            AnswerExtensions.CheckExclusive(item, question, run);
            foreach (var answer in item.All("answer"))
            {
                var value = answer["value"];
                if (!value.IsMissing) AnswerRules.Check(value, question, type, questionnaire, run);
                CheckItems(answer, question);
            }
        }

        private static Node Find(Node parent, string linkId)
        {
            foreach (var item in parent.All("item"))
                if (item.TextOf("linkId") == linkId) return item;
            return Node.Missing;
        }
    }
}

/// <summary>How many answers one item may have. https://hl7.org/fhir/R4/extension-questionnaire-maxoccurs.html</summary>
internal static class AnswerCount
{
    public static void Check(Node item, Node question, Run run)
    {
        var count = item.CountOf("answer");
        if (count > 1 && question.TextOf("repeats") != "true")
            run.Error(IssueType.Invalid, item, "questionnaire", $"`{question.TextOf("linkId")}` has {count} answers; it must have one");
        if (Limit(question, "http://hl7.org/fhir/StructureDefinition/questionnaire-maxOccurs") is { } most && count > most)
            run.Error(IssueType.Invalid, item, "questionnaire",
                $"`{question.TextOf("linkId")}` has {count} answers; it must have at most {most}");
        if (Limit(question, "http://hl7.org/fhir/StructureDefinition/questionnaire-minOccurs") is { } least && count < least && count > 0)
            run.Error(IssueType.Invalid, item, "questionnaire",
                $"`{question.TextOf("linkId")}` has {count} answers; it must have at least {least}");
    }

    private static int? Limit(Node question, string url) =>
        int.TryParse(Definitions.Profiles.ElementReader.Extension(question, url).TextOf("value"), out var limit) ? limit : null;
}
