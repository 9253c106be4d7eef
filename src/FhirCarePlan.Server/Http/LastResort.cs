using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Server.Http;

/// <summary>What nobody else answered for: a broken request body, or a bug. Tells the caller nothing but a correlation id.</summary>
public static class LastResort
{
    public static void UseLastResort(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer any more.
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            var correlation = FhirEndpoint.Correlate(http);
            if (e is not (BadHttpRequestException or InvalidDataException))
                http.RequestServices.GetRequiredService<ILogger<FhirEndpoint>>().UnexpectedFailure(null, e.GetType().Name, e.StackTrace, correlation);
            await ResponseWriter.Write(http, AnswerTo(e), RequestReader.BaseUrl(http));
        }
    });

    private static Answer AnswerTo(Exception e) => e switch
    {
        BadHttpRequestException { StatusCode: 413 } => Answer.Refuse(AnswerKind.TooLarge, IssueType.TooLong, "The body is larger than allowed"),
        BadHttpRequestException or InvalidDataException => Answer.Refuse(AnswerKind.Malformed, IssueType.Structure, "The request is not well-formed HTTP, or its body ended early"),
        _ => FhirEndpoint.Broken,
    };
}
