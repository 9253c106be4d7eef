using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Authentication;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Http.Limits;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Settings;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Sharing;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Http;

/// <summary>What every request is read with.</summary>
public sealed record HttpReading(CallerReader Callers, RequestReader Reader, Protocol Protocol, InteractionTable Table, Throttle Throttle, TokenRefusals Refusals, IStore Store);

/// <summary>An HTTP request in the steps of the pipeline.</summary>
internal sealed class HttpIncoming : Incoming, IDisposable
{
    private readonly HttpContext http;
    private readonly Interaction? interaction;
    private readonly HttpReading reading;
    private Caller? caller;
    private Load? load;
    private int sent;

    public HttpIncoming(HttpContext http, Interaction? interaction, HttpReading reading, LedgerEvent opened) : base(opened)
    {
        (this.http, this.interaction, this.reading) = (http, interaction, reading);
        BaseUrl = RequestReader.BaseUrl(http);
        opened.Interaction = interaction?.Code ?? "unknown";
        opened.Target = RequestReader.Target(http, interaction);
    }

    public string BaseUrl { get; }

    /// <summary>How the answer is to be written; null until it is known.</summary>
    public AnswerFormat? Format { get; private set; }

    public override Answer? Who()
    {
        caller = reading.Callers.Read(http.User);
        var isOther = caller is not null && !FhirUser.IsOfParty(caller, reading.Protocol, reading.Store);
        if (isOther) caller = null;
        Event.Caller = caller;
        Event.Purpose = reading.Protocol.Purpose(caller?.Purpose)?.Code;
        return caller is not null || interaction is { IsPublic: true } ? null : isOther ? reading.Refusals.Of(TokenFault.User) : reading.Refusals.Of(http);
    }

    public override async ValueTask<Answer?> Limit(CancellationToken cancel)
    {
        load = reading.Throttle.Enter(caller is null ? $"address {AddressOf(http)}" : $"client {caller.Issuer} {caller.Client}", caller is null);
        var wait = load.Begin();
        var type = http.Request.RouteValues["type"] as string;
        if (wait is null && caller != null && interaction != null && (HeavyRequests.TakesLargeBody(interaction, type)
            || HeavyRequests.TakesAttachment(interaction, type, http.Request.ContentLength, reading.Reader.Limits)))
            wait = await load.BeginHeavy(cancel);
        return wait is { } seconds ? await TooMany(seconds, cancel) : null;
    }

    /// <summary>One subscriber's IPv6 addresses are one.</summary>
    internal static string AddressOf(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress;
        if (address is { IsIPv4MappedToIPv6: true }) address = address.MapToIPv4();
        return address is { AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6 } ? Convert.ToHexString(address.GetAddressBytes(), 0, 8) : $"{address}";
    }

    private async ValueTask<Answer> TooMany(int seconds, CancellationToken cancel)
    {
        // Do not wait for a body that nobody reads.
        if (http.Request.ContentLength > 64 << 10 && http.Request.Protocol.StartsWith("HTTP/1", StringComparison.Ordinal)) http.Response.Headers.Connection = "close";
        // An event for each would let a flood fill the ledger: one event a second and client covers them all.
        Event.IsOnRecord = !await load!.Refuse(cancel);
        return Throttled with { RetryAfter = seconds };
    }

    public override Task<T> Work<T>(Func<Task<T>> work) => load is { IsHeavy: true } ? reading.Throttle.HeavyThreads.Run(work) : work();

    /// <summary>The work is done: charges its cost before the answer leaves.</summary>
    public void Done(Answer answer)
    {
        load?.EndTurn();
        load?.Charge(sent + answer.Body.Length, answer.Units);
    }

    public void Dispose() => load?.Dispose();

    public override async ValueTask<(FhirRequest? Request, Answer? Refusal)> Read(CancellationToken cancel)
    {
        // Before anything is done: a write that is stored and then not answered would be stored twice.
        var wantsPage = interaction is { HasPage: true } && AnswerFormat.AsksForPage(http.Request, RequestReader.Query(http));
        Format = wantsPage ? AnswerFormat.Default : AnswerFormat.Of(http.Request, RequestReader.Query(http));
        // What is not FHIR is the content of a Binary; whatever else is said about it is said in JSON.
        if (interaction?.Code is "read" or "vread" && http.Request.RouteValues["type"] is BinaryContent.Type && AnswerFormat.OfContent(http.Request, RequestReader.Query(http)) != null)
            Format ??= AnswerFormat.Default;
        if (interaction is { IsPlain: true }) Format ??= AnswerFormat.Default;
        if (Format is null) return (null, NotAcceptable);
        if (interaction is null || RequestReader.NamesOperation(http)) return (null, NotServed());
        var (request, refusal) = await reading.Reader.Read(http, interaction, caller ?? Nobody, Event, BaseUrl);
        sent = request?.Body.Length ?? 0;
        if (request != null && HeavyRequests.Is(request, reading.Reader.Limits) && (await load!.BeginHeavy(cancel) ?? await load.TakeTurn(cancel)) is { } seconds) return (null, await TooMany(seconds, cancel));
        if (request?.Open is { } open) request = request with { Open = mediaType => new PiecewiseBody(open(mediaType), load!) };
        // A form may hold `_format` too.
        if (request != null && interaction.Body == BodyKind.Form) Format = AnswerFormat.Of(http.Request, request.Query);
        return Format is null ? (null, NotAcceptable) : (request is null ? null : request with { WantsPage = wantsPage }, refusal);
    }

    private Answer NotServed() => AddressCheck.NotServed(reading.Table, (http.Request.Path.Value ?? "")[FhirBase.Path.Length..]);

    private static Caller Nobody { get; } = new() { Issuer = "", Client = "", Subject = "anonymous" };

    private static Answer Throttled { get; } = Answer.Refuse(AnswerKind.TooMany, IssueType.Throttled, "This client is over its limit. Ask again after the number of seconds in `Retry-After`", key: "limit");

    private static Answer NotAcceptable { get; } =
        Answer.Refuse(AnswerKind.NotAcceptable, IssueType.NotSupported, "This server does not write what `_format` or Accept asks for. It writes application/fhir+json and application/fhir+xml of FHIR 4.0");
}
