using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation.Compiling;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>Binds coded values to a value set. What cannot be decided here (SNOMED CT, LOINC, filters) is said to be unchecked, never
/// valid or invalid. https://hl7.org/fhir/R4/terminologies.html#strength</summary>
internal sealed class BindingRule(ICodes codes, BindingStrength strength, string? profile) : IRule
{
    private readonly bool isGrammar = GrammarCodes.Is(codes.Canonical);
    private static readonly TypeInfo Concept = R4.Type("CodeableConcept")!, Coding = R4.Type("Coding")!;
    private static readonly ElementInfo Codings = Concept.Element("coding")!, System = Coding.Element("system")!,
        Code = Coding.Element("code")!;

    private string? wanted;

    public void Check(Node node, Run run)
    {
        if (strength != BindingStrength.Required && !run.Wants(IssueSeverity.Warning)) return;
        bool? result = true;
        if (node.Type.IsPrimitive) result = !node.HasValue || !node.IsString ? true : codes.Contains(default, node.Utf8);
        else if (node.Type == Concept) result = OfConcept(node, run);
        else if (node.Type == Coding) result = Of(node.First(System), node.First(Code), run);
        else if (node.Type.Is("Quantity") && node["code"] is { IsMissing: false } unit) result = Of(node["system"], unit, run);
        if (result == true) return;
        if (result == false && node.Element is { IsChoice: true } && !node.Type.IsPrimitive && IsOfOtherSystems(node, run)) result = null;
        if (result == null) Unchecked(node, run);
        else if (strength == BindingStrength.Required) run.Error(IssueType.CodeInvalid, node, "required-binding", Words(node), profile);
        else if (strength == BindingStrength.Extensible)
            run.Warning(IssueType.CodeInvalid, node, "extensible-binding", Words(node) + " if one of them fits", profile);
    }

    /// <summary>A code without a system is in no set; a Coding of words alone says nothing that could be wrong.</summary>
    private bool? Of(Node system, Node code, Run run)
    {
        if (code.IsMissing || !code.HasValue) return system.IsMissing;
        return system.IsMissing || !system.HasValue ? false : codes.Contains(system.Utf8, code.Utf8) ?? run.Elsewhere(codes.Canonical, system, code);
    }

    /// <summary>One coding out of the set is enough; the others may be translations.</summary>
    private bool? OfConcept(Node concept, Run run)
    {
        bool? result = false;
        var first = concept.First(Codings);
        for (var coding = first; !coding.IsMissing && coding.Element == Codings; coding = coding.NextSibling)
        {
            var code = coding.First(Code);
            if (code.IsMissing) continue;
            var one = Of(coding.First(System), code, run);
            if (one == true) return true;
            result = one == null ? null : result;
        }
        // Words alone: an extensible set leaves that open, a required one does not.
        if (result == false && first.IsMissing && (strength != BindingStrength.Required || concept["text"].IsMissing)) return true;
        return result;
    }

    /// <summary>A binding of a choice may be meant for one of its types only (units for a quantity): codes of unknown systems do not prove
    /// that it is broken.</summary>
    private static bool IsOfOtherSystems(Node node, Run run)
    {
        if (node.Type != Concept)
            return node["system"] is { IsMissing: false, HasValue: true } system && !node.Type.Is("Quantity")
            && run.Shapes.Codes(system.Utf8) == null && !system.ValueEquals("http://unitsofmeasure.org"u8);
        foreach (var coding in node.All("coding"))
            if (!IsOfOtherSystems(coding, run)) return false;
        return !node["coding"].IsMissing;
    }

    private void Unchecked(Node node, Run run)
    {
        if (isGrammar) return;
        var isWarning = strength == BindingStrength.Required || run.Options.MemberElsewhere is not null;
        if (!run.Wants(isWarning ? IssueSeverity.Warning : IssueSeverity.Information)) return;
        var text = $"`{node.Name}` could not be checked against `{codes.Canonical}`: its codes are not known here"
            + (run.Options.MemberElsewhere is null ? "" : ", and the terminology server does not say");
        if (isWarning) run.Warning(IssueType.NotSupported, node, "unchecked-binding", text, profile);
        else run.Information(IssueType.NotSupported, node, "unchecked-binding", text, profile);
    }

    private string Words(Node node) => $"`{node.Name}` is {Found.Words(node)}; it must be a code of {wanted ??= Wanted()}";

    private string Wanted()
    {
        var some = codes.Some;
        return some.Count == 0
            ? $"`{codes.Canonical}`"
            : $"`{codes.Canonical}` ({string.Join(", ", some.Select(c => $"`{c}`"))}{(some.Count >= 8 ? ", …" : "")})";
    }
}
