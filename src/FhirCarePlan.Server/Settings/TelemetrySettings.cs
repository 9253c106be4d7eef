namespace FhirCarePlan.Server.Settings;

public enum LogFormat { Text, Json }

/// <summary>`Telemetry:…`: what the server says about itself. A collector is named by the usual `OTEL_…` variables of the environment.</summary>
/// <param name="Prometheus">`Telemetry:Prometheus`: where `/metrics` is answered, and nothing else; null for nowhere.</param>
/// <param name="IsJson">`Telemetry:Logs`: a line of JSON for each entry.</param>
public sealed record TelemetrySettings(Uri? Prometheus, bool IsJson)
{
    internal static TelemetrySettings Read(SettingsReader read) =>
        new(Address(read, "Telemetry:Prometheus"), read.Choice("Telemetry:Logs", LogFormat.Text) == LogFormat.Json);

    private static Uri? Address(SettingsReader read, string name)
    {
        if (read.Text(name) is not { } text) return null;
        // `http://*:9464` is no address of a URI.
        var known = text.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal);
        if (Uri.TryCreate(known, UriKind.Absolute, out var address) && address is { Scheme: "http", AbsolutePath: "/", Port: > 0 }) return address;
        read.Fault($"Setting {name} is `{text}`; it must be an address with a port of its own, such as `http://127.0.0.1:9464`");
        return null;
    }
}
