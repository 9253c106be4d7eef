using System.Diagnostics;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Telemetry;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Http;

/// <summary>Between HTTP and the pipeline: reads the request, writes the answer. The framework treats the endpoints as anonymous, because
/// the pipeline itself authenticates and puts the refusal on record.</summary>
public sealed class FhirEndpoint(Pipeline pipeline, HttpReading reading, ServerMetrics metrics)
{
    /// <param name="interaction">Null for an address that names none.</param>
    public async Task Answer(HttpContext http, Interaction? interaction)
    {
        var (begun, correlation) = (Stopwatch.GetTimestamp(), Correlate(http));
        var (name, type) = (interaction?.Code ?? "unknown", RequestReader.KnownType(http));
        using var span = Traces.Request(name, type, http.Request.Headers.TraceParent);
        using var incoming = new HttpIncoming(http, interaction, reading, new LedgerEvent(correlation, pipeline.Engine.Clock.GetUtcNow()));
        var answer = await pipeline.Run(incoming, http.RequestAborted);
        incoming.Done(answer);
        await ResponseWriter.Write(http, answer, incoming.BaseUrl, incoming.Format);
        span?.SetTag("http.response.status_code", http.Response.StatusCode);
        metrics.Answered(name, type, http.Response.StatusCode, Stopwatch.GetElapsedTime(begun));
    }

    /// <summary>Gives the answer an id to report it by.</summary>
    internal static string Correlate(HttpContext http)
    {
        var id = Correlation.Begin();
        http.Response.Headers["X-Correlation-Id"] = id;
        return id;
    }
}
