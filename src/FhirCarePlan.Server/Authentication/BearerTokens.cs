using System.Text.Encodings.Web;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FhirCarePlan.Server.Authentication;

/// <summary>The framework's bearer authentication, asked only for tokens not seen lately. What is wrong with a token is noted with the request;
/// the pipeline refuses, in FHIR's words. The framework itself logs nothing, since it would repeat claims of tokens that nobody has
/// checked. https://www.rfc-editor.org/rfc/rfc6750</summary>
public sealed class BearerTokens(IOptionsMonitor<JwtBearerOptions> options, ILoggerFactory log, UrlEncoder encoder, TokenCache known, CallerReader callers,
    TokenRefusals refusals, TokenFaults faults, ITokenProvider provider, Introspection introspection, OwnAddresses own)
    : JwtBearerHandler(options, NullLoggerFactory.Instance, encoder)
{
    private const string Prefix = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization.Count == 0) return AuthenticateResult.NoResult();
        if (Request.Headers.Authorization is not [{ } header]) return Refuse(TokenFault.Malformed);
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            return Refuse(header.Trim().Equals(Prefix.Trim(), StringComparison.OrdinalIgnoreCase) ? TokenFault.Malformed : TokenFault.OtherScheme);
        var token = header[Prefix.Length..].Trim();
        if (known.Find(token, Generation) is { } result) return result;
        if (TokenFaults.Read(token) is not { } read) return Refuse(TokenFault.Malformed);
        try
        {
            return await Check(token, read);
        }
        catch (ProviderAwayException away) when (!Context.RequestAborted.IsCancellationRequested)
        {
            faults.NoteAway(log.CreateLogger<BearerTokens>(), away.InnerException!);
            return Refuse(TokenFault.ProviderAway);
        }
    }

    private int Generation => provider.Document?.Generation ?? 0;

    private async Task<AuthenticateResult> Check(string token, JsonWebToken read)
    {
        // Without the provider's keys the server can check no token, so it answers 503 and not 401.
        if (provider.Document is { } document) await Asked(document.GetConfigurationAsync(Context.RequestAborted));
        var result = await Verify();
        if (result.Failure is SecurityTokenSignatureKeyNotFoundException && provider.Issuer(read) is null && provider.Document is { } older
            && await Asked(older.Renew(Context.RequestAborted)))
            result = await Verify();
        if (!result.Succeeded) return Refuse(faults.Of(read, result.Failure, provider));
        if (provider.Refuse(read) is { } lacking) return Refuse(lacking);
        if (result.Properties.ExpiresUtc is not { } expires) return Refuse(TokenFault.NoEnd);
        var (caller, fault) = callers.Check(result.Principal, own.All);
        if (caller is null) return Refuse(fault);
        if (introspection.IsOn && !await Asked(introspection.IsActive(token, Context.RequestAborted))) return Refuse(TokenFault.Revoked);
        result = AuthenticateResult.Success(new AuthenticationTicket(new CallerPrincipal(result.Principal, caller), result.Properties, Scheme.Name));
        known.Add(token, result, introspection.Until(expires), Generation);
        return result;
    }

    /// <summary>The framework's checks. A library may throw what is wrong with a token's claims.</summary>
    private async Task<AuthenticateResult> Verify()
    {
        try
        {
            return await base.HandleAuthenticateAsync();
        }
        catch (UnauthorizedAccessException lacking)
        {
            return AuthenticateResult.Fail(lacking);
        }
    }

    /// <summary>What the provider answers; whatever goes wrong there is the provider's silence.</summary>
    private async Task<T> Asked<T>(Task<T> question)
    {
        try
        {
            return await question;
        }
        catch (Exception unreachable) when (!Context.RequestAborted.IsCancellationRequested)
        {
            throw new ProviderAwayException(unreachable);
        }
    }

    private sealed class ProviderAwayException(Exception inner) : Exception("the provider of tokens does not answer", inner);

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
