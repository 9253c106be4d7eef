using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace FhirCarePlan.Server.Authentication;

/// <summary>The framework's bearer authentication, asked only for tokens not seen lately; the pipeline refuses, in FHIR's words.
/// https://www.rfc-editor.org/rfc/rfc6750</summary>
public sealed class BearerTokens(IOptionsMonitor<JwtBearerOptions> options, ILoggerFactory log, UrlEncoder encoder, TokenCache known, CallerReader callers)
    : JwtBearerHandler(options, log, encoder)
{
    private const string Prefix = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization is not [{ } header] || !header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) return AuthenticateResult.NoResult();
        var token = header[Prefix.Length..].Trim();
        if (known.Find(token) is { } result) return result;
        result = await Check();
        if (result is not { Succeeded: true, Properties.ExpiresUtc: { } expires } || callers.Read(result.Principal) is not { } caller)
            return result.Succeeded ? AuthenticateResult.Fail("The token has no end") : result;
        result = AuthenticateResult.Success(new AuthenticationTicket(new CallerPrincipal(result.Principal, caller), result.Properties, Scheme.Name));
        known.Add(token, result, expires);
        return result;
    }

    private async Task<AuthenticateResult> Check()
    {
        try
        {
            return await base.HandleAuthenticateAsync();
        }
        catch (Exception unreachable) when (unreachable is not OperationCanceledException)
        {
            // The issuer's keys could not be fetched: nobody can be believed, so nobody is.
            Logger.KeysMissing(unreachable.GetType().Name);
            return AuthenticateResult.Fail("The issuer's keys are not available");
        }
    }
}

internal static partial class BearerLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Tokens cannot be checked: the keys of the authority could not be fetched ({Exception})")]
    public static partial void KeysMissing(this ILogger log, string exception);
}
