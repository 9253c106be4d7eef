using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Authentication;

namespace FhirCarePlan.Server.Http;

/// <summary>Between HTTP and the pipeline: who asks, what is asked, and the answer written back.</summary>
public sealed class FhirEndpoint(Pipeline pipeline, CallerReader callers, RequestReader reader, ILogger<FhirEndpoint> log)
{
    public async Task Answer(HttpContext http, Interaction interaction)
    {
        var correlation = Correlate(http);
        var baseUrl = RequestReader.BaseUrl(http);
        await ResponseWriter.Write(http, await Answer(http, interaction, correlation, baseUrl), baseUrl);
    }

    private async Task<Answer> Answer(HttpContext http, Interaction interaction, string correlation, string baseUrl)
    {
        if (interaction == Interaction.Capabilities) return pipeline.Capabilities(baseUrl);
        if (callers.Read(http.User) is not { } caller) return NotAuthenticated;
        // `$x` and `_x` are operations and interactions, never ids: what has no route of its own is not served.
        if (http.Request.RouteValues["id"] is string { Length: > 0 } id && id[0] is '$' or '_') return NotServed(http);
        var (request, refusal) = await reader.Read(http, interaction, caller, correlation, baseUrl);
        if (request is null) return refusal!;
        try
        {
            return await pipeline.Answer(request, http.RequestAborted);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The last resort: a bug or a broken machine. Nothing was committed; the type of the exception names no content.
            log.UnexpectedFailure(interaction, e.GetType().Name, e.StackTrace, correlation);
            return Broken;
        }
    }

    public async Task Unknown(HttpContext http)
    {
        Correlate(http);
        var baseUrl = RequestReader.BaseUrl(http);
        var known = callers.Read(http.User) != null;
        await ResponseWriter.Write(http, !known ? NotAuthenticated : NotServed(http), baseUrl);
    }

    private static Answer NotServed(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "";
        var allowed = Routes.Table.Where(r => Matches(r.Pattern, path)).Select(r => r.Method).Distinct().ToList();
        return allowed.Count > 0
            ? Server.Answer.Refuse(AnswerKind.NotAllowed, IssueType.NotSupported, $"This address answers {string.Join(", ", allowed)} only") with { Allow = string.Join(", ", allowed) }
            : Server.Answer.Refuse(AnswerKind.NotSupported, IssueType.NotSupported, "This server has no such interaction or operation; see /fhir/metadata");
    }

    private static bool Matches(string pattern, string path)
    {
        var want = (Routes.Base + pattern).Split('/');
        var have = path.TrimEnd('/').Split('/');
        return want.Length == have.Length && want.Zip(have).All(p => p.First == p.Second || p.First.StartsWith('{') && p.Second.Length > 0 && !p.Second.StartsWith('$') && !p.Second.StartsWith('_'));
    }

    public static Answer NotAuthenticated { get; } =
        Server.Answer.Refuse(AnswerKind.NotAuthenticated, IssueType.Login, "A valid bearer token is needed");

    internal static Answer Broken { get; } =
        Server.Answer.Refuse(AnswerKind.Unavailable, IssueType.Transient, "The request could not be completed and nothing was changed; try again, and give the X-Correlation-Id when you report it");

    /// <summary>Gives the answer an id to report it by.</summary>
    internal static string Correlate(HttpContext http)
    {
        var id = Guid.NewGuid().ToString("N");
        http.Response.Headers["X-Correlation-Id"] = id;
        return id;
    }
}

internal static partial class EndpointLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{Interaction} failed with {Exception}, correlation {Correlation}: {Trace}")]
    public static partial void UnexpectedFailure(this ILogger log, Interaction? interaction, string exception, string? trace, string correlation);
}
