using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Search.Parsing;

/// <summary>The faults of a query, answered 400. They do not repeat values, which may name a person.</summary>
internal static class Faults
{
    public static Issue Invalid(string text) => new(IssueSeverity.Error, IssueType.Invalid, "", text) { IsMalformed = true };
    public static Issue NotSupported(string text) => new(IssueSeverity.Error, IssueType.NotSupported, "", text) { IsMalformed = true };
    public static Issue Ignored(string text) => new(IssueSeverity.Warning, IssueType.NotSupported, "", text);

    /// <summary>A caller's word made fit for a message.</summary>
    public static string Word(string text)
    {
        var cut = text.Length > 64 ? text[..64] : text;
        return string.Create(cut.Length, cut, static (into, from) =>
        {
            for (var i = 0; i < from.Length; i++)
                into[i] = char.IsControl(from[i]) || char.IsSurrogate(from[i]) || from[i] == '`' ? '?' : from[i];
        });
    }
}
