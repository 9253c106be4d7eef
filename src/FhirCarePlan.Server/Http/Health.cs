using System.Text.Json.Nodes;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Http;

/// <summary>`/health`: the process lives. `/health/ready`: it can answer, and the agreement is in force. An agreement that is not in force is
/// `degraded` with 200, since each party's own records, and people's own, must stay within reach: a load balancer takes away what is not 200.</summary>
public static class Health
{
    public const string Path = "/health";

    public static void MapHealth(this WebApplication app)
    {
        app.MapGet(Path, (RequestDelegate)(http => Write(http, 200, new JsonObject { ["status"] = "ok" }))).AllowAnonymous();
        app.MapGet(Path + "/ready", (RequestDelegate)Ready).AllowAnonymous();
    }

    private static Task Ready(HttpContext http)
    {
        var agreement = http.RequestServices.GetRequiredService<AgreementNow>();
        var status = agreement.Status;
        var canRead = CanRead(http.RequestServices.GetRequiredService<IStore>());
        return Write(http, canRead ? 200 : 503, new JsonObject
        {
            ["status"] = !canRead ? "unavailable" : status.IsInForce ? "ready" : "degraded",
            ["database"] = canRead ? "ok" : "cannot be read",
            ["agreement"] = new JsonObject
            {
                ["protocol"] = agreement.Protocol.Canonical,
                ["sha256"] = agreement.Protocol.Hash,
                ["state"] = AgreementNow.Code(status.State),
                ["inForce"] = status.IsInForce,
                ["text"] = agreement.Alarm ?? status.Plain,
                ["lastDay"] = agreement.Protocol.Effective.To.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            },
        });
    }

    private static bool CanRead(IStore store)
    {
        try
        {
            using var snapshot = store.Read();
            return true;
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            // What is wrong with it is in the log of the requests that meet it.
            return false;
        }
    }

    private static Task Write(HttpContext http, int status, JsonObject body)
    {
        http.Response.StatusCode = status;
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.WriteAsJsonAsync(body, http.RequestAborted);
    }
}
