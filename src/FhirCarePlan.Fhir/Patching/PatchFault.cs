using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Patching;

/// <summary>Why a patch is not applied, and which of its operations is at fault. The texts quote the patch, never the resource.</summary>
internal static class PatchFault
{
    private const int MostShown = 100;

    /// <summary>The patch is not one.</summary>
    public static Issue Malformed(string text) =>
        new(IssueSeverity.Error, IssueType.Structure, "", text) { Key = "patch", IsMalformed = true };

    public static Issue Malformed(int operation, string text, string expression = "") =>
        new(IssueSeverity.Error, IssueType.Structure, expression, At(operation, text)) { Key = "patch", IsMalformed = true };

    /// <summary>The patch is one, and does not fit this resource.</summary>
    public static Issue Unfit(int operation, string text, string expression = "") =>
        new(IssueSeverity.Error, IssueType.Processing, expression, At(operation, text)) { Key = "patch" };

    public static Issue TooCostly(int operation) => new(IssueSeverity.Error, IssueType.TooCostly, "",
        At(operation, "the patch asks for more work than one patch may cause. Send it in parts"))
    { Key = "patch" };

    public static Issue TooMany { get; } = new(IssueSeverity.Error, IssueType.TooCostly, "",
        $"A patch may have at most {PatchBudget.MostOperations} operations. Send it in parts")
    { Key = "patch" };

    public static Issue TooDeep(int operation) =>
        Unfit(operation, $"the result would be nested deeper than {PatchBudget.Deepest} levels");

    /// <summary>The caller's words in backticks, short.</summary>
    public static string Shown(string text) =>
        $"`{new string([.. text[..Math.Min(text.Length, MostShown)].Select(c => char.IsControl(c) || c == '`' ? '?' : c)])}`";

    /// <summary>Operations are counted from 0, as in `Parameters.parameter[0]`.</summary>
    private static string At(int operation, string text) => $"Operation {operation}: {text}";
}
