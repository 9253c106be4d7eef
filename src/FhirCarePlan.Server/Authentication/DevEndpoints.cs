using System.Text;
using System.Text.Json.Nodes;

namespace FhirCarePlan.Server.Authentication;

/// <summary>`/dev/personas` and `/dev/token`: mapped in Development, and only while the server is reachable from this machine alone.
/// https://www.rfc-editor.org/rfc/rfc6749#section-4.4</summary>
public static class DevEndpoints
{
    public static void MapDevIssuer(this IEndpointRouteBuilder app)
    {
        var issuer = app.ServiceProvider.GetRequiredService<DevIssuer>();
        var personas = app.ServiceProvider.GetRequiredService<Personas>();
        app.MapGet("/dev/personas", (RequestDelegate)(http => Write(http, 200, List(personas)))).AllowAnonymous();
        app.MapPost("/dev/token", (RequestDelegate)(async http =>
        {
            var (status, body, who) = await Token(http, personas, issuer);
            // On record before the answer leaves, as every request below /fhir is (src/docs/sharing.md#the-ledger).
            await Write(http, await TokenRecord.Add(http, status, who) ? status : 503, body);
        })).AllowAnonymous();
    }

    private static JsonArray List(Personas personas) => [.. personas.All.Select(p => new JsonObject
    {
        ["id"] = p.Id,
        ["name"] = p.Name,
        ["plain"] = p.Plain,
        ["party"] = p.Party,
        ["organization"] = p.Organization,
        ["practitionerRole"] = p.PractitionerRole,
        ["patient"] = p.Patient,
        ["role"] = p.Role,
        ["purposes"] = new JsonArray([.. p.Purposes.Select(id => JsonValue.Create(id))]),
        ["defaultPurpose"] = p.DefaultPurpose,
    })];

    private static async Task<(int Status, JsonNode Body, string? Who)> Token(HttpContext http, Personas personas, DevIssuer issuer)
    {
        if (!http.Request.HasFormContentType) return Refusal("invalid_request", "The body must be application/x-www-form-urlencoded");
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (Only(form, "grant_type") is not { } grant)
            return Refusal("invalid_request", "`grant_type` must occur once and be `client_credentials`");
        if (grant != "client_credentials") return Refusal("unsupported_grant_type", "`grant_type` must be `client_credentials`");
        if (personas.Find(Only(form, "client_id") ?? BasicUser(http)) is not { } persona)
        {
            if (http.Request.Headers.Authorization.Count > 0) http.Response.Headers.WWWAuthenticate = "Basic realm=\"personas\"";
            return Refusal("invalid_client",
                $"`client_id` must be one of the personas: {string.Join(", ", personas.All.Select(p => p.Id))}", 401);
        }
        var smart = DevScopes.Read(form["scope"], Only(form, "patient"));
        if (Purpose(form, personas, persona) is not { } purpose)
            return Refusal("invalid_scope", $"`{persona.Id}` may state one of these purposes: {string.Join(", ", persona.Purposes)}",
                who: persona.Id);
        var token = new JsonObject
        {
            ["access_token"] = issuer.Issue(persona, purpose, smart),
            ["token_type"] = "Bearer",
            ["expires_in"] = (int)DevIssuer.Lifetime.TotalSeconds,
            ["scope"] = smart is null ? purpose : $"{purpose} {smart.Text}",
        };
        if (smart?.PatientOf(persona) is { } patient) token["patient"] = patient;
        return (200, token, persona.Id);

        static (int, JsonNode, string?) Refusal(string error, string description, int status = 400, string? who = null) =>
            (status, new JsonObject { ["error"] = error, ["error_description"] = description }, who);
    }

    private static string? Only(IFormCollection form, string name) => form[name] is [{ Length: > 0 } value] ? value : null;

    /// <summary>`purpose`, or `scope` as OAuth calls it; null when it is none of the persona's, or more than one.</summary>
    private static string? Purpose(IFormCollection form, Personas personas, Persona persona) =>
        form["purpose"].Concat(form["scope"].Select(DevScopes.Without)).Where(s => !string.IsNullOrEmpty(s)).Distinct().ToList() switch
        {
            [] => persona.DefaultPurpose,
            [var only] => personas.PurposeOf(persona, only),
            _ => null,
        };

    /// <summary>https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1</summary>
    private static string? BasicUser(HttpContext http)
    {
        if (http.Request.Headers.Authorization is not [{ } header] || !header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
            return null;
        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header["Basic ".Length..].Trim(), bytes, out var length)) return null;
        return Uri.UnescapeDataString(Encoding.UTF8.GetString(bytes, 0, length).Split(':')[0]);
    }

    private static Task Write(HttpContext http, int status, JsonNode body)
    {
        http.Response.StatusCode = status;
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.WriteAsJsonAsync(body, http.RequestAborted);
    }
}
