using System.Net;

namespace FhirCarePlan.Server.Settings;

/// <summary>Where the server will listen, as far as the configuration says.</summary>
public static class Bindings
{
    public const string Default = "http://localhost:5080";

    /// <summary>True when nothing says where to listen.</summary>
    public static bool AreUnset(IConfiguration configuration) =>
        Urls(configuration) is null && !HasPorts(configuration) && !configuration.GetSection("Kestrel:Endpoints").GetChildren().Any();

    /// <summary>True when every address is one that only this machine can reach. Ports without a host are open to all.</summary>
    public static bool AreLoopback(IConfiguration configuration)
    {
        if (AreUnset(configuration)) return IsLoopback(Default);
        if (Urls(configuration) is null && HasPorts(configuration)) return false;
        var urls = Urls(configuration)?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        return urls.Concat(configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"] ?? "")).All(IsLoopback);
    }

    private static string? Urls(IConfiguration configuration) => configuration["urls"] is { Length: > 0 } urls ? urls : null;

    private static bool HasPorts(IConfiguration configuration) =>
        !string.IsNullOrEmpty(configuration["http_ports"]) || !string.IsNullOrEmpty(configuration["https_ports"]);

    private static bool IsLoopback(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        && (uri.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip)
            && IPAddress.IsLoopback(ip));
}
