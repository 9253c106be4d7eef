using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Writing;

/// <summary>Who may record, end or change what a person agreed to or refused (sharing.md §3, §12.5). https://hl7.org/fhir/R4/consent.html</summary>
public sealed class ConsentRule(Protocol protocol)
{
    public Refusal? Judge(Write write, long kinds, IWorld world, List<Issue> issues, Effects effects)
    {
        _ = protocol;
        return null;
    }
}
