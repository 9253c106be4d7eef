using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Http;

/// <summary>Answers what nothing else answered: a broken request body, or a bug. The caller gets only a correlation id.</summary>
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
            // The client has gone.
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            var correlation = FhirEndpoint.Correlate(http);
            // A form that cannot be read is the sender's fault.
            var answer = Refusals.ToBrokenInput(e is InvalidDataException ? new BadHttpRequestException("form") : e);
            if (answer is null)
                http.RequestServices.GetRequiredService<ILogger<Pipeline>>()
                .UnexpectedFailure("page", e.GetType().Name, e.StackTrace, correlation);
            await ResponseWriter.Write(http, answer ?? Refusals.Broken, RequestReader.BaseUrl(http));
        }
    });
}
