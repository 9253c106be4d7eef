namespace FhirCarePlan.Server;

/// <summary>The one path of every request.</summary>
public sealed class Pipeline
{
    public Answer Capabilities(string baseUrl) => throw new NotImplementedException();
    public Task<Answer> Answer(FhirRequest request, CancellationToken cancel) => throw new NotImplementedException();
}
