using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>A quantity that says its unit is of UCUM has a code of UCUM: `mm[Hg]`, not `mmHg`. Senders write others so often, R4's own
/// examples among them, that it is worth a warning; bindings say where it is an error.
/// https://hl7.org/fhir/R4/datatypes.html#Quantity</summary>
internal sealed class UnitRule : IRule
{
    public void Check(Node quantity, Run run)
    {
        if (!run.Wants(IssueSeverity.Warning)) return;
        if (quantity["code"] is { IsMissing: false, HasValue: true } code && quantity["system"] is { IsMissing: false } system
            && system.ValueEquals("http://unitsofmeasure.org"u8) && !UcumCodes.Contains(code.Utf8))
            run.Warning(IssueType.CodeInvalid, code, "unit-unknown", $"`{code.Text}` is not a unit of UCUM");
    }
}
