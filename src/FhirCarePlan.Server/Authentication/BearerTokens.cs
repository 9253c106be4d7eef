using System.Text.Encodings.Web;
using FhirCarePlan.Server.Answers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;

namespace FhirCarePlan.Server.Authentication;

/// <summary>The framework's bearer authentication, asked only for tokens not seen lately. What is wrong with a token is noted with the request;
/// the pipeline refuses, in FHIR's words. https://www.rfc-editor.org/rfc/rfc6750</summary>
public sealed class BearerTokens(IOptionsMonitor<JwtBearerOptions> options, ILoggerFactory log, UrlEncoder encoder, TokenCache known,
    CallerReader callers, TokenRefusals refusals, TokenFaults faults) : JwtBearerHandler(options, log, encoder)
{
    private const string Prefix = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization.Count == 0) return AuthenticateResult.NoResult();
        if (Request.Headers.Authorization is not [{ } header]) return Refuse(TokenFault.Malformed);
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            return Refuse(header.Trim().Equals(Prefix.Trim(), StringComparison.OrdinalIgnoreCase) ? TokenFault.Malformed : TokenFault.OtherScheme);
        var token = header[Prefix.Length..].Trim();
        if (known.Find(token) is { } result) return result;
        if (TokenFaults.Read(token) is not { } read) return Refuse(TokenFault.Malformed);
        return await Check(token, read);
    }

    private async Task<AuthenticateResult> Check(string token, JsonWebToken read)
    {
        if (await Issuer() is not { } issuer) return Refuse(TokenFault.ProviderAway);
        var result = await base.HandleAuthenticateAsync();
        if (!result.Succeeded) return Refuse(faults.Of(read, result.Failure, issuer));
        if (result.Properties.ExpiresUtc is not { } expires) return Refuse(TokenFault.NoEnd);
        if (callers.Read(result.Principal) is not { } caller) return Refuse(TokenFault.Issuer);
        result = AuthenticateResult.Success(new AuthenticationTicket(new CallerPrincipal(result.Principal, caller), result.Properties, Scheme.Name));
        known.Add(token, result, expires);
        return result;
    }

    /// <summary>Null if the provider has never answered: without its keys the server can check no token, so it answers 503 and not 401.</summary>
    private async Task<string?> Issuer()
    {
        if (Options.ConfigurationManager is not { } provider) return Options.TokenValidationParameters.ValidIssuer ?? "";
        try
        {
            return (await provider.GetConfigurationAsync(Context.RequestAborted)).Issuer is { Length: > 0 } issuer ? issuer : null;
        }
        catch (Exception unreachable) when (!Context.RequestAborted.IsCancellationRequested)
        {
            faults.NoteAway(Logger, unreachable);
            return null;
        }
    }

    private AuthenticateResult Refuse(TokenFault fault)
    {
        TokenRefusals.Note(Context, fault);
        return AuthenticateResult.Fail(fault.ToString());
    }

    /// <summary>Outside of the FHIR base, where no pipeline answers.</summary>
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        await HandleAuthenticateOnceSafeAsync();
        var answer = refusals.Of(Context);
        Response.StatusCode = HttpStatus.Of(answer.Kind);
        Response.Headers.CacheControl = "no-store";
        if (answer.Challenge is { } challenge) Response.Headers.WWWAuthenticate = challenge;
        if (answer.RetryAfter is { } seconds) Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        Response.ContentType = "application/fhir+json; charset=utf-8";
        await Response.BodyWriter.WriteAsync(OutcomeJson.Write(answer.Issues), Context.RequestAborted);
    }
}
