using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing;

/// <summary>One check of the linter, as `protocol checks` lists it.</summary>
/// <param name="Id">Stands in each issue that the check finds.</param>
/// <param name="Finds">What it finds, in a sentence.</param>
/// <param name="Why">Why that matters.</param>
public sealed record Check(string Id, IssueSeverity Severity, string Finds, string Why)
{
    public bool IsError => Severity == IssueSeverity.Error;
}
