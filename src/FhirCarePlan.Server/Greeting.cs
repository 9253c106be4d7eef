using FhirCarePlan.Server.Authentication;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Http;
using FhirCarePlan.Server.Settings;

namespace FhirCarePlan.Server;

/// <summary>Four lines for the person who starts the server.</summary>
public static class Greeting
{
    public static void Print(WebApplication app, TextWriter console)
    {
        var address = app.Urls.FirstOrDefault() ?? Bindings.Default;
        console.WriteLine($"FHIR base   {address}{FhirBase.Path}");
        console.WriteLine($"Swagger UI  {address}/swagger");
        console.WriteLine($"Personas    {Who(app.Services)}");
        console.WriteLine("Stop        Ctrl+C");
        if (app.Services.GetRequiredService<AgreementNow>().Alarm is { } alarm) console.WriteLine($"ATTENTION   The agreement is not in force. {alarm}");
        console.Flush();
    }

    private static string Who(IServiceProvider services)
    {
        var settings = services.GetRequiredService<AuthenticationSettings>();
        return settings.HasDevIssuer ? $"{string.Join(", ", services.GetRequiredService<Personas>().All.Select(p => p.Id))} (POST /dev/token)"
            : settings.Issuer is { } authority ? $"none: tokens come from {authority}"
            : "none: personas work only if the server listens on this machine alone (--urls http://localhost:5080)";
    }
}
