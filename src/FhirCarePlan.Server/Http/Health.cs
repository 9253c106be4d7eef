using System.Text.Json.Nodes;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Preparing;
using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server.Http;

/// <summary>`/health` and `/health/live`: the process lives. `/health/ready`: it can answer, condition by condition. An agreement that is not in
/// force is `degraded` with 200, since each party's own records, and people's own, must stay within reach: a load balancer takes away what is
/// not 200. So is a disk that is nearly full. src/docs/operations.md#health</summary>
public static class Health
{
    public const string Path = "/health";

    public static void MapHealth(this WebApplication app)
    {
        app.MapGet(Path, (RequestDelegate)(http => Write(http, 200, new JsonObject { ["status"] = "ok" }))).AllowAnonymous();
        app.MapGet(Path + "/live", (RequestDelegate)(http => Write(http, 200, new JsonObject { ["status"] = "live" }))).AllowAnonymous();
        app.MapGet(Path + "/ready", (RequestDelegate)Ready).AllowAnonymous();
    }

    private static async Task Ready(HttpContext http)
    {
        var readiness = http.RequestServices.GetRequiredService<Readiness>();
        var agreement = http.RequestServices.GetRequiredService<AgreementNow>();
        var status = agreement.Status;
        var ((database, labels), space) = (await readiness.Store(), readiness.Space);
        var answers = database == Readiness.Ok && labels == Readiness.Current;
        await Write(http, answers ? 200 : 503, new JsonObject
        {
            ["status"] = !answers ? "unavailable" : status.IsInForce && space != Readiness.Low ? "ready" : "degraded",
            ["database"] = database,
            ["space"] = space,
            ["labels"] = labels,
            ["agreement"] = new JsonObject
            {
                ["protocol"] = agreement.Protocol.Canonical,
                ["sha256"] = agreement.Protocol.Hash,
                ["state"] = AgreementNow.Code(status.State),
                ["inForce"] = status.IsInForce,
                ["signed"] = status.State is not (AgreementState.Unsigned or AgreementState.Changed or AgreementState.SignedLater),
                ["text"] = agreement.Alarm ?? status.Plain,
                ["lastDay"] = agreement.Protocol.Effective.To.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            },
        });
    }

    private static Task Write(HttpContext http, int status, JsonObject body)
    {
        http.Response.StatusCode = status;
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.WriteAsJsonAsync(body, http.RequestAborted);
    }
}
