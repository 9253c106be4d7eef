using System.Reflection;
using System.Security.Claims;
using FhirCarePlan.Server.Tests.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace FhirCarePlan.Server.Tests.Smart;

/// <summary>A real authorisation server: it knows one backend service by its public key, and gives it the scopes that it asks for and may have.
/// https://hl7.org/fhir/smart-app-launch/backend-services.html</summary>
internal sealed class AuthorisationServer : IAsyncDisposable
{
    public const string Client = "backend-service", Audience = "https://care.example/fhir";

    private readonly WebApplication app;

    private AuthorisationServer(WebApplication app) => this.app = app;

    public string Authority => app.Urls.Single();

    /// <param name="key">The client's, of which the server knows the public half.</param>
    /// <param name="scopes">That the client may have.</param>
    public static async Task<AuthorisationServer> Start(SecurityKey key, params string[] scopes)
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        builder.Services.AddOpenIddict()
            .AddCore(core =>
            {
                core.SetDefaultApplicationEntity<Service>();
                core.Services.AddScoped(_ => DispatchProxy.Create<IOpenIddictApplicationStore<Service>, Services>());
                core.Services.AddSingleton(new Service(Client, Known(key), [Permissions.Endpoints.Token, Permissions.GrantTypes.ClientCredentials, .. scopes.Select(s => Permissions.Prefixes.Scope + s)]));
            })
            .AddServer(server =>
            {
                server.SetTokenEndpointUris("token").AllowClientCredentialsFlow();
                server.AddSigningKey(new RsaSecurityKey(System.Security.Cryptography.RSA.Create(2048)) { KeyId = "server" }).AddEphemeralEncryptionKey();
                server.DisableAccessTokenEncryption().DisableTokenStorage().DisableAuthorizationStorage().DisableScopeValidation();
                server.AddEventHandler<OpenIddictServerEvents.HandleTokenRequestContext>(handler => handler.UseInlineHandler(Give));
                server.UseAspNetCore().DisableTransportSecurityRequirement();
            });
        builder.Services.AddAuthentication();
        var app = builder.Build();
        app.UseAuthentication();
        await app.StartAsync();
        Services.Known = app.Services.GetRequiredService<Service>();
        return new(app);
    }

    private static JsonWebKeySet Known(SecurityKey key)
    {
        var set = new JsonWebKeySet();
        set.Keys.Add(JsonWebKey.Create(System.Text.Json.JsonSerializer.Serialize(StubAuthority.Public(key))));
        return set;
    }

    private static ValueTask Give(OpenIddictServerEvents.HandleTokenRequestContext context)
    {
        var identity = new ClaimsIdentity("token");
        identity.SetClaim(Claims.Subject, context.ClientId).SetClaim("role", "care-coordinator").SetClaim("purpose", "direct-care");
        identity.SetScopes(context.Request.GetScopes()).SetAudiences(Audience).SetDestinations(_ => [Destinations.AccessToken]);
        context.SignIn(new ClaimsPrincipal(identity));
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    /// <summary>A client as it is registered.</summary>
    public sealed record Service(string Id, JsonWebKeySet Keys, IReadOnlyList<string> Permissions);

    /// <summary>The server's store of clients, which holds one; of its many questions it answers those that are asked.</summary>
    public class Services : DispatchProxy
    {
        public static Service? Known { get; set; }

        protected override object? Invoke(MethodInfo? method, object?[]? given) => method!.Name switch
        {
            "FindByClientIdAsync" => new ValueTask<Service?>((string)given![0]! == Known!.Id ? Known : null),
            "FindByIdAsync" => new ValueTask<Service?>(Known),
            "GetClientIdAsync" or "GetIdAsync" => new ValueTask<string?>(Known!.Id),
            "GetClientTypeAsync" => new ValueTask<string?>(ClientTypes.Confidential),
            "GetApplicationTypeAsync" => new ValueTask<string?>(ApplicationTypes.Web),
            "GetConsentTypeAsync" => new ValueTask<string?>(ConsentTypes.Implicit),
            "GetJsonWebKeySetAsync" => new ValueTask<JsonWebKeySet?>(Known!.Keys),
            "GetPermissionsAsync" => new ValueTask<System.Collections.Immutable.ImmutableArray<string>>([.. Known!.Permissions]),
            "GetRequirementsAsync" or "GetRedirectUrisAsync" or "GetPostLogoutRedirectUrisAsync" => new ValueTask<System.Collections.Immutable.ImmutableArray<string>>([]),
            "GetSettingsAsync" => new ValueTask<System.Collections.Immutable.ImmutableDictionary<string, string>>(System.Collections.Immutable.ImmutableDictionary<string, string>.Empty),
            _ => throw new NotSupportedException(method.Name),
        };
    }
}
