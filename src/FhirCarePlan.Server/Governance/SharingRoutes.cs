using FhirCarePlan.Server.Authentication;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Guide;
using FhirCarePlan.Server.Http;
using FhirCarePlan.Server.Http.Limits;
using FhirCarePlan.Server.Settings;
using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server.Governance;

/// <summary>The pages at `/sharing`, and the same as JSON and CSV. They show the agreement and drafts, never a record, so they are open
/// like `/profiles/agreement`. Each address has the allowance of an anonymous client. src/docs/agreement.md#pages</summary>
public sealed class SharingRoutes(AgreementNow agreement, AgreementMatrix matrix, Throttle throttle, TimeProvider clock, ServerSettings settings)
{
    private delegate SharingAnswer Page(SharingQuery query, bool isCsv);

    public void Map(IEndpointRouteBuilder app)
    {
        Get("/sharing", (_, _) => OverviewPage.Of(agreement));
        Get("/sharing/matrix", (query, isCsv) => MatrixPage.Of(matrix.Now, query, isInForce: true, isCsv), isHeavy: true);
        Get("/sharing/who-can-see", (query, isCsv) => MatrixPage.WhoCanSee(matrix.Now, query, isCsv), isHeavy: true);
        Get("/sharing/explain", (query, _) => ExplainPage.Of(matrix.Now, query));
        Get("/sharing/checks", (_, _) => IssuesPage.AllChecks());
        Get(DraftPage.Section, (_, _) => DraftPage.Form());
        app.MapPost(DraftPage.Section, (RequestDelegate)Draft).AllowAnonymous();

        void Get(string address, Page page, bool isHeavy = false) =>
            app.MapGet(address, (RequestDelegate)(http => Answer(http, page, isHeavy))).AllowAnonymous();
    }

    private Task Answer(HttpContext http, Page page, bool isHeavy) => Bounded(http, isHeavy, _ =>
    {
        var query = new SharingQuery(name => http.Request.Query[name]);
        return Task.FromResult((query, (Func<bool, SharingAnswer>)(isCsv => page(query, isCsv))));
    });

    private Task Draft(HttpContext http) => Bounded(http, isHeavy: true, async load =>
    {
        var (draft, query, refusal) = await SentDraft.Read(http.Request, http.RequestAborted);
        load.Charge(draft.Length, 1);
        return (query, isCsv => refusal ?? DraftPage.Of(draft, query, matrix.Now, Admitted, clock.GetUtcNow(), isCsv));
    });

    private Protocol Admitted(Protocol draft) => settings.Authentication.HasDevIssuer ? AgreementPersonas.Admit(draft) : draft;

    /// <param name="isHeavy">One at a time for each address, in the queue of all heavy requests, on a thread that yields.</param>
    private async Task Bounded(HttpContext http, bool isHeavy, Func<Load, Task<(SharingQuery, Func<bool, SharingAnswer>)>> asked)
    {
        using var load = throttle.Enter($"address {HttpIncoming.AddressOf(http)}", isAnonymous: true);
        var cancel = http.RequestAborted;
        if ((load.Begin() ?? (isHeavy ? await load.BeginHeavy(cancel) : null)) is { } seconds)
        {
            await load.Refuse(cancel);
            await TooMany(http, seconds);
            return;
        }
        var (query, answer) = await asked(load);
        if (query.Format(http.Request) is not { } format)
        {
            await Write(http, SharingAnswer.Refuse(400, "/sharing", "`format` is html, json or csv"), SharingQuery.Html);
            return;
        }
        if (isHeavy && await load.TakeTurn(cancel) is { } later)
        {
            await TooMany(http, later);
            return;
        }
        var isCsv = format == SharingQuery.Csv;
        var made = isHeavy ? await throttle.HeavyThreads.Run(() => Task.FromResult(answer(isCsv))) : answer(isCsv);
        load.EndTurn();
        load.Charge(await Write(http, made, format), 1);
    }

    private Task TooMany(HttpContext http, int seconds)
    {
        http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Write(http, SharingAnswer.Refuse(429, "/sharing", "Too many requests from this address. Ask again after the number of seconds in `Retry-After`"), SharingQuery.Html);
    }

    private async Task<int> Write(HttpContext http, SharingAnswer answer, string format)
    {
        http.Response.StatusCode = answer.Status;
        http.Response.Headers.CacheControl = "no-store";
        var (type, bytes) = format switch
        {
            SharingQuery.Json => ("application/json; charset=utf-8", answer.ToJson()),
            SharingQuery.Csv when answer.ToCsv() is { } lines => ("text/csv; charset=utf-8; header=present", lines),
            SharingQuery.Csv when answer.Status != 200 => ("application/json; charset=utf-8", answer.ToJson()),
            _ => (GuideRoutes.Page, GuideRoutes.AtHome(PageFrame.Write(answer.Title, "/sharing", answer.Main()), settings.Addresses)),
        };
        await GuideRoutes.Send(http, type, bytes);
        return bytes.Length;
    }
}
