using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Authentication;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Settings;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server.Http;

/// <summary>What every request is read with.</summary>
public sealed record HttpReading(CallerReader Callers, RequestReader Reader, Protocol Protocol, InteractionTable Table);

/// <summary>An HTTP request in the steps of the pipeline.</summary>
internal sealed class HttpIncoming : Incoming
{
    private readonly HttpContext http;
    private readonly Interaction? interaction;
    private readonly HttpReading reading;
    private Caller? caller;

    public HttpIncoming(HttpContext http, Interaction? interaction, HttpReading reading, LedgerEvent opened) : base(opened)
    {
        (this.http, this.interaction, this.reading) = (http, interaction, reading);
        BaseUrl = RequestReader.BaseUrl(http);
        opened.Interaction = interaction?.Code ?? "unknown";
        opened.Target = RequestReader.Target(http);
    }

    public string BaseUrl { get; }

    /// <summary>How the answer is to be written; null until it is known.</summary>
    public AnswerFormat? Format { get; private set; }

    public override Answer? Who()
    {
        caller = reading.Callers.Read(http.User);
        Event.Caller = caller;
        Event.Purpose = reading.Protocol.Purpose(caller?.Purpose)?.Code;
        return caller is null && interaction is not { IsPublic: true } ? NotAuthenticated : null;
    }

    public override Answer? Limit() => null;

    public override async ValueTask<(FhirRequest? Request, Answer? Refusal)> Read(CancellationToken cancel)
    {
        // Before anything is done: a write that is stored and then not answered would be stored twice.
        var wantsPage = interaction is { HasPage: true } && AnswerFormat.AsksForPage(http.Request, RequestReader.Query(http));
        Format = wantsPage ? AnswerFormat.Default : AnswerFormat.Of(http.Request, RequestReader.Query(http));
        if (Format is null) return (null, NotAcceptable);
        if (interaction is null || RequestReader.NamesOperation(http)) return (null, NotServed());
        var (request, refusal) = await reading.Reader.Read(http, interaction, caller ?? Nobody, Event, BaseUrl);
        // A form may hold `_format` too.
        if (request != null && interaction.Body == BodyKind.Form) Format = AnswerFormat.Of(http.Request, request.Query);
        return Format is null ? (null, NotAcceptable) : (request is null ? null : request with { WantsPage = wantsPage }, refusal);
    }

    private Answer NotServed()
    {
        var path = (http.Request.Path.Value ?? "")[FhirBase.Path.Length..];
        var allowed = string.Join(", ", reading.Table.Methods(path));
        return allowed.Length > 0
            ? Answer.Refuse(AnswerKind.NotAllowed, IssueType.NotSupported, $"This address answers {allowed} only") with { Allow = allowed }
            : Answer.Refuse(AnswerKind.NotSupported, IssueType.NotSupported, "This server has no such interaction or operation; see /fhir/metadata");
    }

    private static Caller Nobody { get; } = new() { Issuer = "", Client = "", Subject = "anonymous" };

    private static Answer NotAuthenticated { get; } = Answer.Refuse(AnswerKind.NotAuthenticated, IssueType.Login, "A valid bearer token is needed");

    private static Answer NotAcceptable { get; } =
        Answer.Refuse(AnswerKind.NotAcceptable, IssueType.NotSupported, "What `_format` or Accept asks for cannot be written; this server writes application/fhir+json and application/fhir+xml of FHIR 4.0");
}
