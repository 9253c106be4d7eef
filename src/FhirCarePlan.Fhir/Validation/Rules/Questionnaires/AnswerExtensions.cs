using System.Text.RegularExpressions;
using FhirCarePlan.Fhir.Definitions.Profiles;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules.Questionnaires;

/// <summary>What R4's own extensions ask of an answer: a pattern, decimal places, the size of an attachment, the type of a resource, an
/// option
/// that stands alone. https://hl7.org/fhir/R4/questionnaire-profiles.html</summary>
internal static class AnswerExtensions
{
    private const string Key = "answer", Base = "http://hl7.org/fhir/StructureDefinition/";

    public static void Check(Node value, Node question, Run run)
    {
        switch (value.Type.Name)
        {
            case "decimal": CheckPlaces(value, question, run); break;
            case "string": CheckPattern(value, question, run); break;
            case "Attachment": CheckSize(value, question, run); break;
            case "Reference": CheckTarget(value, question, run); break;
        }
    }

    private static void CheckPlaces(Node value, Node question, Run run)
    {
        if (!int.TryParse(Of(question, "maxDecimalPlaces").Text, out var most) || value.Text is not { } text) return;
        var places = text.IndexOf('.') is >= 0 and var point ? text.Length - point - 1 : 0;
        if (places > most) run.Error(IssueType.Value, value, Key, $"The answer has {places} decimal places; it must have at most {most}");
    }

    /// <summary>The whole answer matches. A pattern that needs more than one walk over the text is left to others.</summary>
    private static void CheckPattern(Node value, Node question, Run run)
    {
        if (Of(question, "regex").Text is not { Length: > 0 and < 1000 } pattern || value.Text is not { } text) return;
        try
        {
            if (!Regex.IsMatch(text, $@"\A(?:{pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant))
                run.Error(IssueType.Value, value, Key, $"The answer does not have the form `{pattern}`");
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            run.Warning(IssueType.NotSupported, value, Key, $"The answer could not be checked against the form `{pattern}`");
        }
    }

    /// <summary>In megabytes. https://hl7.org/fhir/R4/extension-maxsize.html</summary>
    private static void CheckSize(Node value, Node question, Run run)
    {
        if (!decimal.TryParse(Of(question, "maxSize").Text, System.Globalization.CultureInfo.InvariantCulture, out var most)) return;
        var size = decimal.TryParse(value.TextOf("size"), System.Globalization.CultureInfo.InvariantCulture, out var stated) ? stated
            : value["data"] is { IsMissing: false, HasValue: true } data ? data.Raw.Length / 4 * 3m : 0;
        if (size > most * 1_000_000)
            run.Error(IssueType.TooLong, value, Key, $"The attachment has {size:0} bytes; it must have at most {most} MB");
    }

    private static void CheckTarget(Node value, Node question, Run run)
    {
        if ((Reference.Of(value).Type ?? value.TextOf("type")) is not { } type) return;
        var allowed = new List<string>();
        foreach (var extension in question.All("extension"))
            if (extension.TextOf("url") == Base + "questionnaire-referenceResource" && extension.TextOf("value") is { } one)
                allowed.Add(one);
        if (allowed.Count > 0 && !allowed.Contains(type))
            run.Error(IssueType.Value, value, Key,
                $"The answer refers to a `{type}`; it must refer to {string.Join(" or ", allowed.Select(a => $"`{a}`"))}");
    }

    /// <summary>"None of these" is not chosen with another. https://hl7.org/fhir/R4/extension-questionnaire-optionexclusive.html</summary>
    public static void CheckExclusive(Node item, Node question, Run run)
    {
        if (item.CountOf("answer") < 2) return;
        foreach (var option in question.All("answerOption"))
        {
            if (ElementReader.Extension(option, Base + "questionnaire-optionExclusive").TextOf("value") != "true") continue;
            foreach (var answer in item.All("answer"))
                if (answer["value"] is { IsMissing: false } value && value.Type == option["value"].Type
                    && AnswerRules.IsSame(value, option["value"]))
                    run.Error(IssueType.Invalid, answer, Key,
                        $"The answer {Found.Words(value)} excludes all others of `{question.TextOf("linkId")}`");
        }
    }

    private static Node Of(Node question, string extension) => ElementReader.Extension(question, Base + extension)["value"];
}
