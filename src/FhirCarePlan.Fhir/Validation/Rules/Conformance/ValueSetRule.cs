using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation.Compiling;

namespace FhirCarePlan.Fhir.Validation.Rules.Conformance;

/// <summary>The parts of a value set must exist: code systems by their address, codes that these have, filters on properties with values of
/// their type. https://hl7.org/fhir/R4/valueset.html#compositions</summary>
internal sealed class ValueSetRule(Shapes shapes) : IRule
{
    private const string Key = "value-set";

    public void Check(Node valueSet, Run run)
    {
        var compose = valueSet["compose"];
        foreach (var include in compose.All("include")) CheckPart(include, run);
        foreach (var exclude in compose.All("exclude")) CheckPart(exclude, run);
    }

    private void CheckPart(Node part, Run run)
    {
        if (part.TextOf("system") is not { } system) return;
        if (!system.Contains(':'))
        {
            run.Error(IssueType.Invalid, part, Key, system.StartsWith('#')
                ? "`system` must be absolute; a contained code system is included by its own address" : "`system` must be absolute");
            return;
        }
        if (system.Contains('|'))
            run.Warning(IssueType.BusinessRule, part, Key, "`system` must not contain a version; put it into `version`"); // so do value sets of R4 itself
        else if (shapes.Codes(part["system"].Utf8) is { } codes)
        {
            if (codes.IsSupplement)
                run.Error(IssueType.Invalid, part, Key, $"`{system}` supplements another code system; include that one");
            else if (codes.IsFixed) CheckConcepts(part, system, codes, run);
        }
        else if (run.Definitions.TypeOf(system) == "ValueSet")
            run.Error(IssueType.Invalid, part, Key,
                $"`{system}` is a value set: include it by `valueSet`, or its code systems by `system`");
        foreach (var filter in part.All("filter")) CheckFilter(filter, system, run);
    }

    private static void CheckConcepts(Node part, string system, KnownCodes codes, Run run)
    {
        foreach (var concept in part.All("concept"))
            if (concept["code"] is { IsMissing: false, HasValue: true } code && codes.Contains(code.Utf8) == false)
                run.Error(IssueType.CodeInvalid, code, "code-unknown", $"`{code.Text}` is not a code of `{system}`");
    }

    private static void CheckFilter(Node filter, string system, Run run)
    {
        if (filter.TextOf("property") is not { } property || filter.TextOf("value") is not { } value) return;
        var op = filter.TextOf("op");
        if (op == "regex")
        {
            if (FhirPath.Functions.RegularExpressions.MatchesWhole("", value) == null)
                run.Error(IssueType.Invalid, filter, Key, "`value` is not a regular expression");
            if (property == "concept") run.Error(IssueType.Invalid, filter, Key, "A regular expression filters a property, not `concept`");
            return;
        }
        var type = op == "exists" ? "boolean" : TypeOf(property, system, run);
        foreach (var one in op is "in" or "not-in" ? value.Split(',') : [value])
            if (Problem(type, one.Trim(), op is "in" or "not-in" ? one.Trim() : one) is { } problem)
                run.Error(IssueType.Invalid, filter, Key, $"`value` of the filter on `{property}` must be {problem}");
    }

    /// <summary>As the code system declares the property; null when it is not at hand.</summary>
    private static string? TypeOf(string property, string system, Run run)
    {
        foreach (var declared in run.Definitions.Resource("CodeSystem", system).All("property"))
            if (declared.TextOf("code") == property) return declared.TextOf("type");
        return null;
    }

    private static string? Problem(string? type, string trimmed, string value) => type switch
    {
        "boolean" when trimmed is not ("true" or "false") => "`true` or `false`",
        "Coding" when trimmed.IndexOf('#') is < 1 || !trimmed.Contains(':') => "`system#code` or `system|version#code`",
        "code" when trimmed.Length != value.Length => "without white space around it",
        _ => null,
    };
}
