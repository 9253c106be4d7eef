using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>The system of an identifier is absolute. https://hl7.org/fhir/R4/datatypes.html#Identifier</summary>
internal sealed class IdentifierRule : IRule
{
    public void Check(Node identifier, Run run)
    {
        if (identifier["system"] is { IsMissing: false, HasValue: true } system && !system.Utf8.Contains((byte)':'))
            run.Error(IssueType.Invalid, system, "identifier-system", "`system` of an Identifier must be absolute");
    }
}
