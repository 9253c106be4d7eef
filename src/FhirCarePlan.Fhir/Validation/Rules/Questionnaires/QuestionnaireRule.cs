using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules.Questionnaires;

/// <summary>What `enableWhen` refers to: another question, not the item itself nor one within it.
/// https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen.question</summary>
internal sealed class QuestionnaireRule : IRule
{
    private const string Key = "enable-when";

    public void Check(Node questionnaire, Run run)
    {
        Dictionary<string, Node>? items = null;
        Check(questionnaire, questionnaire, ref items, run);
    }

    private static void Check(Node questionnaire, Node parent, ref Dictionary<string, Node>? items, Run run)
    {
        foreach (var item in parent.All("item"))
        {
            foreach (var condition in item.All("enableWhen"))
                if (condition.TextOf("question") is { } question)
                    Check(item, condition, question, items ??= QuestionnaireItems.ByLinkId(questionnaire), run);
            Check(questionnaire, item, ref items, run);
        }
    }

    private static void Check(Node item, Node condition, string question, Dictionary<string, Node> items, Run run)
    {
        if (!items.TryGetValue(question, out var target))
            run.Error(IssueType.BusinessRule, condition, Key, "`enableWhen` refers to a question that is not in the questionnaire");
        else if (target == item) run.Error(IssueType.BusinessRule, condition, Key, "`enableWhen` refers to its own item");
        else if (IsWithin(target, item))
            run.Error(IssueType.BusinessRule, condition, Key,
            "`enableWhen` refers to a question inside its own item, which is shown only with that item");
        else if (target.Index > item.Index)
            run.Warning(IssueType.BusinessRule, condition, Key, "`enableWhen` refers to a question that comes later");
    }

    private static bool IsWithin(Node node, Node ancestor)
    {
        for (node = node.Parent; !node.IsMissing; node = node.Parent)
            if (node == ancestor) return true;
        return false;
    }
}

/// <summary>The items of a questionnaire however deep they nest.</summary>
internal static class QuestionnaireItems
{
    public static Dictionary<string, Node> ByLinkId(Node questionnaire)
    {
        var items = new Dictionary<string, Node>(StringComparer.Ordinal);
        Add(questionnaire);
        return items;

        void Add(Node parent)
        {
            foreach (var item in parent.All("item"))
            {
                if (item.TextOf("linkId") is { } id) items.TryAdd(id, item);
                Add(item);
            }
        }
    }
}
