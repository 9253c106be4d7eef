using System.Net.Sockets;
using FhirCarePlan.Server.Authentication;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Governance;
using FhirCarePlan.Server.Guide;
using FhirCarePlan.Server.Http;
using FhirCarePlan.Server.OpenApi;
using FhirCarePlan.Server.Settings;
using FhirCarePlan.Server.Telemetry;
using FhirCarePlan.Storage;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FhirCarePlan.Server;

/// <summary>The process: settings, services, routes, run.</summary>
public static class Startup
{
    public static async Task<int> Run(string[] args)
    {
        try
        {
            await using var app = Build(args);
            await Prepare(app);
            await app.StartAsync();
            Greeting.Print(app, Console.Out);
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (StartRefused refusal)
        {
            return Refuse(refusal.Message);
        }
        catch (IOException taken) when (taken.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException or SocketException)
        {
            return Refuse(taken.Message);
        }
    }

    private static async Task Prepare(WebApplication app)
    {
        try
        {
            await Services.Prepare(app.Services, app.Lifetime.ApplicationStopping);
        }
        catch (StoreRefusedException refused)
        {
            throw new StartRefused(refused.Message);
        }
        catch (IOException broken)
        {
            throw new StartRefused($"The data could not be made ready: {broken.Message}. The command `check` says more");
        }
    }

    /// <param name="more">Replaces services: for commands.</param>
    /// <exception cref="StartRefused">The settings do not suffice.</exception>
    public static WebApplication Build(string[] args, Action<IServiceCollection>? more = null)
    {
        // The binaries carry appsettings, profiles and samples, so that the current folder does not matter.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        var (settings, faults) = ServerSettings.Read(builder.Configuration, builder.Environment.IsDevelopment(), Places.Here());
        if (settings is null) throw new StartRefused(Listed(faults, builder.Environment));
        builder.AddTelemetry(settings.Telemetry);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        if (Bindings.AreUnset(builder.Configuration)) builder.WebHost.UseUrls(Bindings.Default);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            Limit(kestrel.Limits, settings.Limits);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(settings.Limits.DrainSeconds));
        builder.Services.AddFhirCarePlan(settings);
        more?.Invoke(builder.Services);
        var app = builder.Build();
        Map(app, settings);
        return app;
    }

    /// <summary>In one line, for logs; with what to do to have a look first.</summary>
    private static string Listed(IReadOnlyList<string> faults, IHostEnvironment environment) =>
        string.Join("; ", faults) + (environment.IsDevelopment() || !faults.Any(f => f.Contains("is missing", StringComparison.Ordinal)) ? ""
            : $". This is the environment {environment.EnvironmentName}; to try the server with invented people, set ASPNETCORE_ENVIRONMENT to `Development`");

    private static void Limit(KestrelServerLimits kestrel, LimitSettings limits)
    {
        // Looser than our own limits, which answer in FHIR's words.
        kestrel.MaxRequestBodySize = 2L * new SizeLimits().Bundle;
        kestrel.MaxRequestLineSize = 64 << 10;
        kestrel.MaxConcurrentConnections = OpenFilesAllowed.Connections(limits.Connections);
        kestrel.RequestHeadersTimeout = TimeSpan.FromSeconds(limits.HeaderSeconds);
        kestrel.KeepAliveTimeout = TimeSpan.FromSeconds(limits.KeepAliveSeconds);
        kestrel.MinRequestBodyDataRate = kestrel.MinResponseDataRate = new MinDataRate(limits.BytesPerSecond, TimeSpan.FromSeconds(5));
    }

    private static void Map(WebApplication app, ServerSettings settings)
    {
        app.UseProxies(settings.Proxies);
        app.UseSecurityHeaders();
        app.UseMetricsPort(settings.Telemetry);
        app.UseLastResort();
        if (settings.Addresses.PathBase is { Length: > 0 } path) app.UsePathBase(path);
        app.UseHostCheck();
        app.UseCrossOrigin(settings.Cors);
        app.UseSwaggerPage();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapFhir();
        app.Services.GetRequiredService<SmartConfiguration>().Map(app);
        app.MapHealth();
        app.MapFhirDocument();
        app.Services.GetRequiredService<GuideRoutes>().Map(app);
        app.Services.GetRequiredService<SharingRoutes>().Map(app);
        app.Services.GetRequiredService<Landing>().Map(app);
        if (settings.Authentication.HasDevIssuer) app.MapDevIssuer();
    }

    private static int Refuse(string sentence)
    {
        Console.Error.WriteLine($"FhirCarePlan does not start: {sentence}");
        return 1;
    }
}
