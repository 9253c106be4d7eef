using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Server.Opinions;

/// <summary>Another validator. Asked by one thread at a time.</summary>
public interface ISecondJudge
{
    /// <param name="profiles">Canonicals that the resource must meet besides base R4 and what its `meta.profile` claims.</param>
    IReadOnlyList<Issue> Judge(ReadOnlyMemory<byte> json, IReadOnlyList<string> profiles);
}
