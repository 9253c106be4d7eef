using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation.Compiling;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>A code must be one of its system's, if all of that system's codes are loaded, whatever the element is bound to; and `system`
/// must be the absolute address of a code system. https://hl7.org/fhir/R4/datatypes.html#Coding</summary>
internal sealed class CodingRule(Shapes shapes) : IRule
{
    public void Check(Node coding, Run run)
    {
        Node system = default, code = default;
        for (var child = coding.FirstChild; !child.IsMissing; child = child.NextSibling)
            if (child.Name == "system") system = child;
            else if (child.Name == "code") code = child;
        if (system.IsMissing || !system.HasValue) return;
        var address = system.Utf8;
        if (!address.Contains((byte)':'))
        {
            run.Error(IssueType.Invalid, system, "coding-system", "`system` of a Coding must be absolute");
            return;
        }
        if (shapes.Codes(address) is { } codes)
        {
            if (codes.IsSupplement)
                run.Error(IssueType.CodeInvalid, system, "coding-system", $"`{system.Text}` supplements another code system and has no codes of its own");
            else if (!code.IsMissing && code.HasValue && codes.Contains(code.Utf8) == false)
            {
                var text = $"`{code.Text}` is not a code of `{system.Text}`";
                if (codes.IsFixed) run.Error(IssueType.CodeInvalid, code, "code-unknown", text);
                else run.Warning(IssueType.CodeInvalid, code, "code-unknown", text);
            }
        }
        else if (run.Options.OwnNamespace is not null && OwnNamespace.Holds(system.Text!, run))
            run.Error(IssueType.CodeInvalid, system, "coding-system", $"The code system `{system.Text}` is not defined here{OwnNamespace.Suggestion(system.Text!, "CodeSystem", run)}");
        else if (address.IndexOf("/ValueSet/"u8) > 0 && run.Definitions.TypeOf(system.Text!) == "ValueSet")
            run.Error(IssueType.CodeInvalid, system, "coding-system", $"`{system.Text}` is a value set; `system` must name a code system");
    }
}

/// <summary>A code system whose codes are at hand.</summary>
internal sealed class KnownCodes(string url, Definitions.ICodes codes, bool isSupplement)
{
    /// <summary>HL7's terminology outside of FHIR keeps changing: a code that R4 did not have may exist now.</summary>
    public bool IsFixed { get; } = !url.StartsWith("http://terminology.hl7.org/", StringComparison.Ordinal);
    public bool IsSupplement => isSupplement;

    /// <summary>Null when the list is not complete.</summary>
    public bool? Contains(ReadOnlySpan<byte> code) => codes.Contains(default, code);
}
