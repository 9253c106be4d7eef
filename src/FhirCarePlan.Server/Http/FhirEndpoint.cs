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
        var (answer, format) = await Answer(http, interaction, correlation, baseUrl);
        await ResponseWriter.Write(http, answer, baseUrl, format);
    }

    private async Task<(Answer, AnswerFormat?)> Answer(HttpContext http, Interaction interaction, string correlation, string baseUrl)
    {
        var caller = callers.Read(http.User);
        if (caller is null && interaction != Interaction.Capabilities) return (NotAuthenticated, null);
        // Before anything is done: a write that is stored and then not answered would be stored twice.
        if (AnswerFormat.Of(http.Request, RequestReader.Query(http)) is not { } format) return (NotAcceptable, null);
        if (interaction == Interaction.Capabilities) return (pipeline.Capabilities(baseUrl), format);
        // `$x` and `_x` are operations and interactions, never ids: what has no route of its own is not served.
        if (http.Request.RouteValues["id"] is string { Length: > 0 } id && id[0] is '$' or '_') return (NotServed(http), format);
        var (request, refusal) = await reader.Read(http, interaction, caller!, correlation, baseUrl);
        if (request is null) return (refusal!, format);
        // A form may hold `_format` too.
        if (interaction == Interaction.Search) format = AnswerFormat.Of(http.Request, request.Query);
        return format is null ? (NotAcceptable, null) : (await Perform(request, http.RequestAborted), format);
    }

    private async Task<Answer> Perform(FhirRequest request, CancellationToken cancel)
    {
        try
        {
            return await pipeline.Answer(request, cancel);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The last resort: a bug or a broken machine. Nothing was committed; the type of the exception names no content.
            log.UnexpectedFailure(request.Interaction, e.GetType().Name, e.StackTrace, request.CorrelationId);
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
        var allowed = Routes.Table.Where(r => Matches(r.Pattern, path)).SelectMany(r => Routes.Methods(r.Method)).Distinct().ToList();
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

    public static Answer NotAcceptable { get; } =
        Server.Answer.Refuse(AnswerKind.NotAcceptable, IssueType.NotSupported, "What `_format` or Accept asks for cannot be written; this server writes application/fhir+json and application/fhir+xml of FHIR 4.0");

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
