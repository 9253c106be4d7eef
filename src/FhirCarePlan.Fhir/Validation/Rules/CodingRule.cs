using System.Text;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Definitions.Codes;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation.Compiling;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>A code must be one of its system's, if all of that system's codes are loaded, whatever the element is bound to; and `system`
/// must be the absolute address of a code system. `display` says what the code system says, in any of its languages.
/// https://hl7.org/fhir/R4/datatypes.html#Coding</summary>
internal sealed class CodingRule(Shapes shapes) : IRule
{
    private static readonly TypeInfo Type = R4.Type("Coding")!;
    private static readonly ElementInfo System = Type.Element("system")!, Code = Type.Element("code")!, Display = Type.Element("display")!;

    public void Check(Node coding, Run run)
    {
        Node system = default, code = default, display = default;
        for (var child = coding.FirstChild; !child.IsMissing; child = child.NextSibling)
        {
            var element = child.Element;
            if (element == System) system = child;
            else if (element == Code) code = child;
            else if (element == Display) display = child;
        }
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
            else if (!display.IsMissing && !code.IsMissing && display.HasValue && run.Wants(IssueSeverity.Warning)
                && codes.Otherwise(code.Utf8, display.Utf8) is { } right)
                run.Warning(IssueType.CodeInvalid, display, "display",
                    $"`display` is not that of `{code.Text}` in `{system.Text}`, which is `{right}`");
        }
        else if (!code.IsMissing && code.HasValue && CodeGrammar.Refuses(address, code.Utf8))
            run.Warning(IssueType.CodeInvalid, code, "code-unknown", $"`{code.Text}` is not a code of `{system.Text}`");
        else if (run.Options.OwnNamespace is not null && OwnNamespace.Holds(system.Text!, run))
            run.Error(IssueType.CodeInvalid, system, "coding-system", $"The code system `{system.Text}` is not defined here{OwnNamespace.Suggestion(system.Text!, "CodeSystem", run)}");
        else if (address.IndexOf("/ValueSet/"u8) > 0 && run.Definitions.TypeOf(system.Text!) == "ValueSet")
            run.Error(IssueType.CodeInvalid, system, "coding-system", $"`{system.Text}` is a value set; `system` must name a code system");
    }
}

/// <summary>A code system whose codes are at hand.</summary>
/// <param name="concepts">What they mean; null when nobody here knows.</param>
internal sealed class KnownCodes(string url, Definitions.ICodes codes, bool isSupplement, Func<ConceptTable?> concepts)
{
    private readonly Lazy<Utf8Table<(byte[] Display, Concept Concept)>> displays = new(() => new((concepts()?.Concepts ?? [])
        .Where(c => c.Display.Length > 0).Select(c => KeyValuePair.Create(c.Code, (Encoding.UTF8.GetBytes(c.Display), c)))));

    /// <summary>HL7's terminology outside of FHIR keeps changing: a code that R4 did not have may exist now.</summary>
    public bool IsFixed { get; } = !url.StartsWith("http://terminology.hl7.org/", StringComparison.Ordinal);
    public bool IsSupplement => isSupplement;

    /// <summary>Null when the list is not complete.</summary>
    public bool? Contains(ReadOnlySpan<byte> code) => codes.Contains(default, code);

    /// <summary>The display of the code where the one said is none of its own; null when that is fine or unknown.</summary>
    public string? Otherwise(ReadOnlySpan<byte> code, ReadOnlySpan<byte> said) =>
        displays.Value.TryGet(code, out var known) && !said.SequenceEqual(known.Display) && !known.Concept.IsCalled(Encoding.UTF8.GetString(said))
            ? known.Concept.Display : null;
}
