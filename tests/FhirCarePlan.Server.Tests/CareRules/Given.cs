using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Tests.CareRules;

/// <summary>A request that is read already.</summary>
internal sealed class Given(FhirRequest request) : Incoming(request.Event)
{
    public override Answer? Who() => null;
    public override ValueTask<Answer?> Limit(CancellationToken cancel) => new((Answer?)null);
    public override ValueTask<(FhirRequest? Request, Answer? Refusal)> Read(CancellationToken cancel) => new((request, null));
}
