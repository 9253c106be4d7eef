using FhirCarePlan.Server.Settings;

namespace FhirCarePlan.Server.Http;

/// <summary>Lets the pages that the settings name call this server from a browser. Without any, no answer says a word about origins. Cookies
/// are of no use here, so credentials in CORS's sense are not allowed. The browser's question before a request (`OPTIONS` with
/// `Access-Control-Request-Method`) is no request of a caller: it is answered here and leaves no event. https://fetch.spec.whatwg.org/#http-cors-protocol</summary>
public static class CrossOrigin
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    /// <summary>Headers that a request to us may carry.</summary>
    private static readonly string[] Sent =
    [
        "Authorization", "Accept", "Content-Type", "Content-Encoding", "If-Match", "If-None-Match", "If-None-Exist", "If-Modified-Since", "Prefer", "X-Security-Context",
    ];
    /// <summary>Headers of an answer that a script may read besides those that it always may.</summary>
    private static readonly string[] Shown =
    [
        "ETag", "Location", "Last-Modified", "X-Correlation-Id", "Retry-After", "Allow", "WWW-Authenticate", "Content-Disposition",
    ];

    public static void UseCrossOrigin(this IApplicationBuilder app, CorsSettings settings)
    {
        if (settings.Origins.Count == 0) return;
        app.UseCors(cors => cors.WithOrigins([.. settings.Origins]).WithMethods(Methods).WithHeaders(Sent).WithExposedHeaders(Shown)
            .SetPreflightMaxAge(TimeSpan.FromMinutes(10)));
    }
}
