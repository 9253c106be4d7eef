using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Definitions.Profiles;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules.Questionnaires;

/// <summary>One answer: it has the question's type, is among the options and within the limits.
/// https://hl7.org/fhir/R4/codesystem-item-type.html
/// https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.answerOption_x_</summary>
internal static class AnswerRules
{
    private const string Key = "answer", Extensions = "http://hl7.org/fhir/StructureDefinition/";

    /// <param name="type">Of the question: `choice`, `decimal`.</param>
    public static void Check(Node value, Node question, string type, Node questionnaire, Run run)
    {
        var found = value.Type.Name;
        if (!IsAllowed(type, found))
        {
            run.Error(IssueType.Structure, value, Key,
                $"The answer has the type `{found}`; `{question.TextOf("linkId")}` must have `{type}`");
            return;
        }
        CheckOptions(value, question, type, run);
        CheckValueSet(value, question, type, questionnaire, run);
        CheckLimits(value, question, run);
    }

    private static bool IsAllowed(string type, string found) => type switch
    {
        "boolean" or "decimal" or "integer" or "date" or "dateTime" or "time" or "string" => found == type,
        "text" => found == "string",
        "url" => found == "uri",
        "attachment" => found == "Attachment",
        "reference" => found == "Reference",
        "quantity" => found == "Quantity",
        "choice" or "open-choice" => found is "Coding" or "date" or "time" or "integer" or "string" or "Reference",
        _ => true,
    };

    private static void CheckOptions(Node value, Node question, string type, Run run)
    {
        var hasSameType = false;
        foreach (var option in question.All("answerOption"))
        {
            var allowed = option["value"];
            if (allowed.IsMissing) return;
            if (allowed.Type != value.Type) continue;
            hasSameType = true;
            if (IsSame(value, allowed)) return;
        }
        if (question["answerOption"].IsMissing || (type == "open-choice" && value.Type.Name == "string")) return;
        run.Error(IssueType.CodeInvalid, value, Key, hasSameType
            ? $"The answer is {Found.Words(value)}, which is not an option of `{question.TextOf("linkId")}`"
            : $"`{question.TextOf("linkId")}` has no options of type `{value.Type.Name}`");
    }

    internal static bool IsSame(Node value, Node option) => value.Type.Name switch
    {
        "Coding" => value.TextOf("system") == option.TextOf("system") && value.TextOf("code") == option.TextOf("code"),
        "Reference" => value.TextOf("reference") == option.TextOf("reference"),
        _ => value.Text == option.Text,
    };

    private static void CheckValueSet(Node value, Node question, string type, Node questionnaire, Run run)
    {
        if (question.TextOf("answerValueSet") is not { } canonical || value.Type.Name is not ("Coding" or "string")) return;
        if (type == "open-choice" && (value.Type.Name == "string" || value["code"].IsMissing)) return;
        var result = Codes(canonical, questionnaire, run) is not { } codes ? null
            : value.Type.Name == "Coding" ? codes.Contains(value.TextOf("system"), value.TextOf("code") ?? "") ?? run.Elsewhere(canonical, value["system"], value["code"])
            : value.Text is { } code ? codes.Contains(null, code) : true;
        if (result == null)
            run.Warning(IssueType.NotSupported, value, "unchecked-binding",
                $"The answer could not be checked against `{canonical}`: its codes are not known here");
        else if (result == false)
            run.Error(IssueType.CodeInvalid, value, Key, $"The answer is {Found.Words(value)}; it must be a code of `{canonical}`");
    }

    private static ICodes? Codes(string canonical, Node questionnaire, Run run)
    {
        if (!canonical.StartsWith('#')) return run.Definitions.ValueSet(canonical);
        foreach (var contained in questionnaire.All("contained"))
            if (contained.TextOf("id") == canonical[1..] && contained.Type.Name == "ValueSet")
                return ValueSetCodes.Read(contained, run.Definitions);
        return null;
    }

    private static void CheckLimits(Node value, Node question, Run run)
    {
        if (int.TryParse(question.TextOf("maxLength"), out var most) && value.IsString && Length(value) > most)
            run.Error(IssueType.TooLong, value, Key, $"The answer has {Length(value)} characters; it must have at most {most}");
        if (question["extension"].IsMissing) return;
        if (int.TryParse(Of(question, "minLength").Text, out var least) && value.IsString && Length(value) < least)
            run.Error(IssueType.Value, value, Key, $"The answer has {Length(value)} characters; it must have at least {least}");
        Bound(value, Of(question, "minValue"), false, run);
        Bound(value, Of(question, "maxValue"), true, run);
        if (value.Type.Name == "Quantity") CheckUnit(value, question, run);
        if (value.Type.Name == "Attachment") CheckAttachment(value, question, run);
        AnswerExtensions.Check(value, question, run);
    }

    /// <summary>As Unicode counts characters.</summary>
    private static int Length(Node value) => value.Text!.EnumerateRunes().Count();

    private static void Bound(Node value, Node limit, bool isMax, Run run)
    {
        if (limit.IsMissing) return;
        if (ValueOrder.Of(value, limit) is { } order)
        {
            if (isMax ? order > 0 : order < 0)
                run.Error(IssueType.Value, value, Key,
                    $"The answer is out of range; it must be {(isMax ? "at most" : "at least")} `{limit.Text ?? limit.TextOf("value")}`");
        }
        // `2022-06-30` is after `2022-06`: like the reference validator, this takes a limit as the moment it begins.
        else if (isMax && limit.Text is { Length: > 4 } && ValueOrder.IsSameButLessPrecise(value, limit))
            run.Error(IssueType.Value, value, Key, $"The answer is out of range; it must be at most `{limit.Text}`");
        else if (ValueOrder.CannotCompare(value, limit))
            run.Error(IssueType.Value, value, Key,
                $"The answer is in `{value.TextOf("code")}`, which cannot be compared with the limit in `{limit.TextOf("code")}`");
    }

    private static void CheckUnit(Node value, Node question, Run run)
    {
        var isGiven = false;
        foreach (var extension in question.All("extension"))
        {
            if (extension.TextOf("url") != Extensions + "questionnaire-unitOption") continue;
            isGiven = true;
            var unit = extension["value"];
            if (unit.TextOf("code") == value.TextOf("code") && unit.TextOf("system") == value.TextOf("system")) return;
        }
        if (isGiven)
            run.Error(IssueType.CodeInvalid, value, Key,
            $"The unit is `{value.TextOf("code")}`, which is not a unit of `{question.TextOf("linkId")}`");
        else if (Of(question, "questionnaire-unitValueSet").Text is { } canonical && run.Definitions.ValueSet(canonical) is { } codes
            && (value["code"].IsMissing ? false : codes.Contains(value.TextOf("system"), value.TextOf("code")!)) == false)
            run.Error(IssueType.CodeInvalid, value, Key, $"The unit is `{value.TextOf("code")}`; it must be a code of `{canonical}`");
    }

    private static void CheckAttachment(Node value, Node question, Run run)
    {
        var isGiven = false;
        foreach (var extension in question.All("extension"))
            if (extension.TextOf("url") == Extensions + "mimeType")
            {
                isGiven = true;
                if (extension.TextOf("value") == value.TextOf("contentType")) return;
            }
        if (isGiven && value.TextOf("contentType") is { } found)
            run.Error(IssueType.Value, value, Key, $"The attachment is `{found}`, which is not a type of `{question.TextOf("linkId")}`");
    }

    private static Node Of(Node question, string extension) => ElementReader.Extension(question, Extensions + extension)["value"];
}
