using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation.Compiling;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>An extension has an absolute address; a known one is used where its definition allows and holds what its definition allows.
/// https://hl7.org/fhir/R4/extensibility.html</summary>
internal sealed class ExtensionRule(Shapes shapes) : IRule
{
    private const string Core = "http://hl7.org/fhir/StructureDefinition/";
    private static readonly TypeInfo Type = R4.Type("Extension")!;
    public static readonly ElementInfo Url = Type.Element("url")!;

    public void Check(Node extension, Run run)
    {
        var url = extension.First(Url);
        if (url.IsMissing || !url.HasValue) return; // cardinality says so
        var text = url.Utf8;
        if (!text.Contains((byte)':'))
        {
            if (extension.Parent.Type != Type) run.Error(IssueType.Extension, extension, "extension-url", "`url` of an extension must be absolute");
            return; // parts of a complex extension are checked by its definition
        }
        if (shapes.Extension(text) is { } known) Check(extension, known, run);
        else if (run.Options.OwnNamespace is not null || run.Wants(IssueSeverity.Information) || extension.Element!.IsModifier || shapes.KnowsAllOfHl7 || run.Options.UnknownExtensionIsError) Unknown(extension, url.Text!, run);
    }

    private static void Check(Node extension, KnownExtension known, Run run)
    {
        if (known.IsModifier != extension.Element!.IsModifier)
            run.Error(IssueType.Extension, extension, "extension-modifier", known.IsModifier
                ? $"`{known.Url}` changes the meaning of its element, so it must be a `modifierExtension`"
                : $"`{known.Url}` does not change the meaning of its element, so it must be an `extension`", known.Url);
        if (!known.Context.Allows(extension, run))
            run.Error(IssueType.Extension, extension, "extension-context", $"`{known.Url}` is used in `{extension.Parent.Name}`; it must be used in {known.Context}", known.Url);
        if (known.Shape is { } shape) Walk.Profile(extension, shape, run);
    }

    /// <summary>Examples, other versions of FHIR, and what HL7's own tools write.</summary>
    private static bool IsExempt(string url) =>
        url.Contains("example.org", StringComparison.Ordinal) || url.Contains("example.com", StringComparison.Ordinal) || url.Contains("acme.com", StringComparison.Ordinal)
        || url.Contains("nema.org", StringComparison.Ordinal) || url.StartsWith("http://hl7.org/fhir/tools/", StringComparison.Ordinal)
        || url.Contains("/StructureDefinition/extension-", StringComparison.Ordinal) || url.StartsWith("http://hl7.org/fhir/test/", StringComparison.Ordinal);

    private void Unknown(Node extension, string url, Run run)
    {
        if (OwnNamespace.Holds(url, run))
            run.Error(IssueType.Extension, extension, "extension-unknown", $"The extension `{url}` is not defined here{OwnNamespace.Suggestion(url, "StructureDefinition", run)}");
        else if (url.StartsWith(Core, StringComparison.Ordinal) && shapes.KnowsAllOfHl7)
            run.Error(IssueType.Extension, extension, "extension-unknown", $"`{url}` is not an extension of R4");
        else if (CrossVersionExtension.IsModifier(url) && !extension.Element!.IsModifier)
            run.Error(IssueType.Extension, extension, "extension-modifier", $"`{url}` changes the meaning of its element, so it must be a `modifierExtension`");
        else if (run.Options.UnknownExtensionIsError && !IsExempt(url))
            run.Error(IssueType.Extension, extension, "extension-unknown", $"The extension `{url}` is unknown, and only known extensions are allowed here");
        else if (extension.Element!.IsModifier)
            run.Warning(IssueType.Extension, extension, "extension-unknown", $"The modifier extension `{url}` is unknown; it may change the meaning of its element");
        else run.Information(IssueType.Extension, extension, "extension-unknown", $"The extension `{url}` is unknown");
    }
}

/// <summary>An extension whose definition is at hand.</summary>
/// <param name="Shape">Null when the definition adds nothing to the type Extension.</param>
internal sealed record KnownExtension(string Url, bool IsModifier, ContextRule Context, Shape? Shape);
