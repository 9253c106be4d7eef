using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules.Questionnaires;

/// <summary>Whether the answers so far enable an item.
/// https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen</summary>
internal static class EnableWhen
{
    /// <summary>Null when that is unknown.</summary>
    /// <param name="item">Of the questionnaire.</param>
    /// <param name="scope">Where the item is, or would be, in the response.</param>
    public static bool? IsEnabled(Node item, Node scope)
    {
        var condition = item["enableWhen"];
        if (condition.IsMissing) return true;
        var isAny = item.TextOf("enableBehavior") == "any";
        bool? result = !isAny;
        foreach (var one in item.All("enableWhen"))
            switch (Holds(one, scope))
            {
                case null: result = result == isAny ? result : null; break;
                case true when isAny: return true;
                case false when !isAny: return false;
            }
        return result;
    }

    private static bool? Holds(Node condition, Node scope)
    {
        if (condition.TextOf("question") is not { } question) return null;
        var answers = AnswersTo(question, scope);
        var wanted = condition["answer"];
        if (condition.TextOf("operator") is not { } comparison || wanted.IsMissing) return null;
        if (comparison == "exists") return answers.Count > 0 == (wanted.Text == "true");
        var isUnclear = false;
        foreach (var answer in answers)
            switch (Compare(answer["value"], wanted, comparison))
            {
                case true: return true;
                case null: isUnclear = true; break;
            }
        return isUnclear ? null : false;
    }

    private static bool? Compare(Node value, Node wanted, string comparison)
    {
        if (value.IsMissing) return null;
        if (comparison is "=" or "!=") return IsSame(value, wanted) == (comparison == "=");
        if (ValueOrder.Of(value, wanted) is not { } order) return null;
        return comparison switch { "<" => order < 0, "<=" => order <= 0, ">" => order > 0, ">=" => order >= 0, _ => null };
    }

    private static bool IsSame(Node value, Node wanted)
    {
        if (wanted.Type.Name == "Coding")
            return value.TextOf("code") == wanted.TextOf("code")
                && (value.TextOf("system") is not { } system || wanted.TextOf("system") is not { } other || system == other);
        if (wanted.Type.Name == "Reference") return value.TextOf("reference") == wanted.TextOf("reference");
        return ValueOrder.Of(value, wanted) is { } order ? order == 0 : value.Text == wanted.Text;
    }

    /// <summary>The answers nearest to the place: within the same repetition of a group first.</summary>
    private static List<Node> AnswersTo(string question, Node scope)
    {
        var answers = new List<Node>();
        for (var at = scope; !at.IsMissing && answers.Count == 0; at = at.Parent)
        {
            Collect(at, question, answers);
            if (at.Type.IsResource) break;
        }
        return answers;
    }

    private static void Collect(Node parent, string question, List<Node> answers)
    {
        foreach (var item in parent.All("item"))
        {
            if (item.TextOf("linkId") == question) answers.AddRange(item.All("answer").ToList());
            foreach (var answer in item.All("answer")) Collect(answer, question, answers);
            Collect(item, question, answers);
        }
    }
}
