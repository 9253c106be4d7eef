namespace FhirCarePlan.Server.Settings;

/// <summary>`Cors:Origins`: web pages that may call this server from a browser, each by its origin (`https://app.example`). None by default,
/// and never all: a page that may call us holds a caller's token.</summary>
public sealed record CorsSettings(IReadOnlyList<string> Origins)
{
    internal static CorsSettings Read(SettingsReader read)
    {
        var origins = new List<string>();
        foreach (var text in read.List("Cors:Origins") ?? [])
            if (IsOrigin(text)) origins.Add(text);
            else read.Fault($"Setting Cors:Origins has `{text}`; it must be an origin such as `https://app.example`, without a path, and https except on this machine");
        return new(origins);
    }

    /// <summary>As a browser writes it: scheme, host, and port unless it is the scheme's own. https://www.rfc-editor.org/rfc/rfc6454#section-6.2</summary>
    private static bool IsOrigin(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback) && uri.GetLeftPart(UriPartial.Authority) == text;
}
