using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Care;

/// <summary>X9, a warning: an active plan addresses a primary diagnosis of severe mental illness, perhaps a provisional one. CPA is for
/// people with one, but care does not wait for a diagnosis. A diagnosis that is refuted or entered in error does not count.</summary>
/// <param name="illnesses">CPA-SMIDiagnosis; without it the rule says nothing.</param>
public sealed class SevereIllness(ICodes? illnesses) : ICareRule
{
    private const string Category = "https://fhir.cpa.example/CodeSystem/CPA-ConditionCategory";

    public string Id => "X9";
    public IReadOnlyList<string> Reads => ["diagnosis"];

    public void Check(Written written, ICase around, Report report)
    {
        if (illnesses is null || !Cpa.IsActivePlan(written.Root) || !around.IsWhole(written.Root)) return;
        foreach (var reference in written.Root.All("addresses"))
            if (around.Find(reference) is { Type: "Condition" } condition && IsSevere(condition.Document.Root)) return;
        report.Warning(IssueType.BusinessRule, written.Root, Id, "The plan addresses no primary diagnosis of severe mental illness that you may see. Add the Condition to `addresses`; a provisional one is enough");
    }

    private bool IsSevere(Node condition)
    {
        if (!Cpa.Has(condition, "category", Category, "primary-diagnosis") || Cpa.CodeOf(condition["verificationStatus"]) is "refuted" or "entered-in-error") return false;
        foreach (var coding in condition["code"].All("coding"))
            if (coding.TextOf("code") is { } code && illnesses!.Contains(coding.TextOf("system"), code) == true) return true;
        return false;
    }
}
