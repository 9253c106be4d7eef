namespace FhirCarePlan.Server.Http;

/// <summary>Headers of every answer that tell a browser not to frame it, guess its type or run anything from it. A page that needs more
/// says so itself. https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html</summary>
public static class SecurityHeaders
{
    private const string Nothing = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
    /// <summary>Swagger's page: its own scripts and calls to this server; its styles are set by script.</summary>
    private const string Swagger =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src "
        + "'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
    /// <summary>https://www.rfc-editor.org/rfc/rfc6797</summary>
    private const string Year = "max-age=31536000";

    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.ContentSecurityPolicy = http.Request.Path.StartsWithSegments("/swagger") ? Swagger : Nothing;
        if (http.Request.IsHttps && !IsThisMachine(http.Request.Host.Host)) headers.StrictTransportSecurity = Year;
        return next(http);
    });

    /// <summary>A developer who tries https on this machine will want http there again.</summary>
    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || System.Net.IPAddress.TryParse(host.Trim('[', ']'), out var ip)
            && System.Net.IPAddress.IsLoopback(ip);
}
