using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Opinions;
using FhirCarePlan.Server.Settings;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace FhirCarePlan.Server.Telemetry;

/// <summary>Metrics for Prometheus at an address of their own, metrics and traces to a collector where the usual `OTEL_…` variables name one.
/// Where neither is asked for, nothing is measured for anybody. https://opentelemetry.io/docs/specs/otel/protocol/exporter/</summary>
public static class TelemetrySetup
{
    /// <summary>The only thing that is answered at `Telemetry:Prometheus`.</summary>
    public const string Path = "/metrics";

    // The framework's meters with routes as patterns; none of its traces, which hold addresses.
    private static readonly string[] Meters =
        [ServerMetrics.MeterName, OpinionMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    public static void AddTelemetry(this WebApplicationBuilder builder, TelemetrySettings settings)
    {
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<ServerMetrics>();
        if (settings.IsJson)
            builder.Logging.AddConsole(console => console.FormatterName = ContentFreeJson.FormatName).AddConsoleFormatter<ContentFreeJson, ConsoleFormatterOptions>();
        else builder.Logging.AddSimpleConsole();
        var (metrics, traces) = (IsSet(builder, "METRICS"), IsSet(builder, "TRACES"));
        if (settings.Prometheus is null && !metrics && !traces) return;
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService("FhirCarePlan"));
        if (settings.Prometheus != null || metrics)
            telemetry.WithMetrics(meters =>
            {
                meters.AddMeter(Meters);
                if (settings.Prometheus != null) meters.AddPrometheusExporter();
                if (metrics) meters.AddOtlpExporter();
            });
        if (traces) telemetry.WithTracing(tracing => tracing.AddSource(Traces.Name).AddOtlpExporter());
        if (settings.Prometheus is { } address) Listen(builder, address);
    }

    private static bool IsSet(WebApplicationBuilder builder, string signal) =>
        builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 } || builder.Configuration[$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"] is { Length: > 0 };

    private static void Listen(WebApplicationBuilder builder, Uri address)
    {
        var urls = builder.Configuration["urls"] is { Length: > 0 } given ? given : Bindings.Default;
        builder.WebHost.UseUrls($"{urls};{address.GetLeftPart(UriPartial.Authority)}");
    }

    /// <summary>At its own port the server answers with metrics alone, and at no other port with metrics.</summary>
    public static void UseMetricsPort(this WebApplication app, TelemetrySettings settings)
    {
        if (settings.Prometheus is not { Port: var port }) return;
        app.Use((http, next) =>
        {
            if (http.Connection.LocalPort == port == (http.Request.Path == Path)) return next(http);
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        app.MapPrometheusScrapingEndpoint(Path).AllowAnonymous();
    }
}
