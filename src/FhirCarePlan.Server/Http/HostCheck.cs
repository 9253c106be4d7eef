using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;

namespace FhirCarePlan.Server.Http;

/// <summary>Outside Development a request must name this server. Another name is a proxy's mistake, or an attempt to make our links lead
/// elsewhere. `/health` answers under any name.</summary>
public static class HostCheck
{
    public static void UseHostCheck(this WebApplication app)
    {
        var own = app.Services.GetRequiredService<OwnAddresses>();
        if (app.Environment.IsDevelopment()) return;
        app.Use((http, next) => own.IsAt(http.Request.Host) || http.Request.Path.StartsWithSegments(Health.Path) || http.Request.Path == Telemetry.TelemetrySetup.Path ? next(http)
            : ResponseWriter.Write(http, Foreign, own.BaseUrl).AsTask());
    }

    private static Answer Foreign { get; } = Answer.Refuse(AnswerKind.Malformed, IssueType.Invalid,
        "The `Host` of this request is not an address of this server (settings Server:BaseUrl and Server:AcceptedBaseUrls)", key: "host");
}
