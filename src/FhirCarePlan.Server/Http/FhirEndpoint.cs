using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Http;

/// <summary>Between HTTP and the pipeline: reads the request, writes the answer. The framework treats the endpoints as anonymous, because
/// the pipeline itself authenticates and puts the refusal on record.</summary>
public sealed class FhirEndpoint(Pipeline pipeline, HttpReading reading)
{
    /// <param name="interaction">Null for an address that names none.</param>
    public async Task Answer(HttpContext http, Interaction? interaction)
    {
        using var incoming = new HttpIncoming(http, interaction, reading,
            new LedgerEvent(Correlate(http), pipeline.Engine.Clock.GetUtcNow()));
        var answer = await pipeline.Run(incoming, http.RequestAborted);
        incoming.Done(answer);
        await ResponseWriter.Write(http, answer, incoming.BaseUrl, incoming.Format);
    }

    /// <summary>Gives the answer an id to report it by.</summary>
    internal static string Correlate(HttpContext http)
    {
        var id = Guid.NewGuid().ToString("N");
        http.Response.Headers["X-Correlation-Id"] = id;
        return id;
    }
}
