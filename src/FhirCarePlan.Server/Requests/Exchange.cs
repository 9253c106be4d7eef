using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Requests;

/// <summary>What a handler gets: the pipeline for requests within its own, the unit of work, what was asked, the resource that was sent, and what the address leads to.</summary>
/// <param name="Sent">Null where no resource is sent.</param>
public sealed record Exchange(Pipeline Pipeline, Work Work, FhirRequest Request, Document? Sent, Target Target)
{
    /// <summary>The target of an interaction that needs one.</summary>
    public Seen Seen => Target.Seen!;
}
