using System.Net;
using System.Net.Http.Headers;
using System.Text;
using FhirCarePlan.Server.Settings;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace FhirCarePlan.Server.Elsewhere;

/// <summary>Signs questions to a server with a token of this service's own, fetched by its client credentials and used until shortly before
/// it ends. A token that the server no longer takes is fetched anew, once for each question.
/// https://www.rfc-editor.org/rfc/rfc6749#section-4.4</summary>
internal sealed class ClientCredentials(CredentialSettings settings, Func<HttpClient> http, TimeProvider clock) : DelegatingHandler
{
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(30), Unsaid = TimeSpan.FromMinutes(1);

    private sealed record Token(string Value, DateTimeOffset Until);

    private readonly SemaphoreSlim turn = new(1);
    private volatile Token? token;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        var used = await Current(null, cancel);
        var answer = await Send(request, used, cancel);
        if (answer.StatusCode != HttpStatusCode.Unauthorized) return answer;
        answer.Dispose();
        return await Send(request, await Current(used, cancel), cancel);
    }

    private Task<HttpResponseMessage> Send(HttpRequestMessage request, Token with, CancellationToken cancel)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", with.Value);
        return base.SendAsync(request, cancel);
    }

    /// <param name="refused">The server did not take this one.</param>
    private async Task<Token> Current(Token? refused, CancellationToken cancel)
    {
        if (Good(refused) is { } known) return known;
        await turn.WaitAsync(cancel);
        try
        {
            return Good(refused) ?? (token = await Fetch(cancel));
        }
        finally
        {
            turn.Release();
        }
    }

    private Token? Good(Token? refused) => token is { } known && known != refused && known.Until > clock.GetUtcNow() ? known : null;

    private async Task<Token> Fetch(CancellationToken cancel)
    {
        using var client = http();
        var fields = new Dictionary<string, string> { ["grant_type"] = "client_credentials" };
        if (settings.Scope is { } scope) fields["scope"] = scope;
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.Token) { Content = new FormUrlEncodedContent(fields) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic",
            Convert.ToBase64String(Encoding.ASCII.GetBytes($"{WebUtility.UrlEncode(settings.ClientId)}:{WebUtility.UrlEncode(settings.ClientSecret)}")));
        using var answer = await client.SendAsync(request, cancel);
        if (answer.StatusCode != HttpStatusCode.OK) throw new HttpRequestException("no token", null, answer.StatusCode);
        var (value, life) = Read(await answer.Content.ReadAsStringAsync(cancel));
        return new(value, clock.GetUtcNow() + (life > Before * 2 ? life - Before : life / 2));
    }

    private static (string Value, TimeSpan Life) Read(string body)
    {
        OpenIdConnectMessage message;
        try
        {
            message = new OpenIdConnectMessage(body);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or System.Text.Json.JsonException)
        {
            throw new InvalidDataException("not the answer of a token endpoint");
        }
        // A line break would end the header.
        if (message.AccessToken is not { Length: > 0 } value || value.AsSpan().ContainsAnyExceptInRange('!', '~')) throw new InvalidDataException("no token");
        return (value, int.TryParse(message.ExpiresIn, out var seconds) && seconds > 0 ? TimeSpan.FromSeconds(seconds) : Unsaid);
    }

    protected override void Dispose(bool disposing)
    {
        turn.Dispose();
        base.Dispose(disposing);
    }
}
