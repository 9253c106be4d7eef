using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.SecondOpinion;

namespace FhirCarePlan.Server.Opinions;

/// <summary>Firely's validator. It is made when a second opinion is asked for; until then no assembly of Firely is loaded.</summary>
/// <param name="packages">What is known over base R4, the lowest first.</param>
public sealed class FirelySecondJudge(IEnumerable<FhirPackage> packages) : ISecondJudge
{
    private readonly FirelyJudge judge = new(new FirelyDefinitions(packages));

    public IReadOnlyList<Issue> Judge(ReadOnlyMemory<byte> json, IReadOnlyList<string> profiles) => judge.Judge(json, profiles);
}
