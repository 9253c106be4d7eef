using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Requests;

/// <summary>What a handler gets: the pipeline for requests within its own, the unit of work, the request, the resource that was sent, and
/// the target of the address.</summary>
/// <param name="Sent">Null if no resource was sent.</param>
public sealed record Exchange(Pipeline Pipeline, Work Work, FhirRequest Request, Document? Sent, Target Target)
{
    /// <summary>The target of an interaction that needs one.</summary>
    public Seen Seen => Target.Seen!;
}
