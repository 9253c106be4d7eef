using System.Net.Http.Json;
using System.Text.Json.Serialization;

namespace FhirCarePlan.Client;

/// <summary>Tokens by client credentials (RFC 6749, 4.4), each kept until half a minute before it ends. Safe to use from several threads;
/// one of them asks, the others wait for it.</summary>
/// <param name="tokenEndpoint">The provider's address for tokens.</param>
/// <param name="purpose">Sent as `purpose`; null leaves it to the provider.</param>
/// <param name="handler">The way to the provider; null for the usual one.</param>
public sealed class ClientCredentials(Uri tokenEndpoint, string clientId, string clientSecret, string? purpose = null,
    HttpMessageHandler? handler = null, TimeProvider? clock = null) : ITokenSource, IDisposable
{
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(30);

    private readonly HttpMessageInvoker http = new(handler ?? new SocketsHttpHandler(), disposeHandler: handler is null);
    private readonly TimeProvider clock = Clock.Or(clock);
    private readonly SemaphoreSlim one = new(1);
    private (string Token, DateTimeOffset Until)? known;

    private sealed record Given([property: JsonPropertyName("access_token")] string Token,
        [property: JsonPropertyName("expires_in")] double Seconds);

    public async ValueTask<string> Get(string? refused, CancellationToken cancel)
    {
        await one.WaitAsync(cancel);
        try
        {
            if (known is var (token, until) && token != refused && clock.GetUtcNow() < until) return token;
            var given = await Ask(cancel);
            known = (given.Token, clock.GetUtcNow().AddSeconds(given.Seconds) - Early);
            return given.Token;
        }
        finally
        {
            one.Release();
        }
    }

    private async Task<Given> Ask(CancellationToken cancel)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["client_id"] = clientId,
            ["client_secret"] = clientSecret
        };
        if (purpose != null) form["purpose"] = purpose;
        using var request = new HttpRequestMessage(HttpMethod.Post, tokenEndpoint) { Content = new FormUrlEncodedContent(form) };
        using var answer = await http.SendAsync(request, cancel);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<Given>(cancel)
            ?? throw new HttpRequestException("The provider of tokens answered without a token");
    }

    public void Dispose()
    {
        http.Dispose();
        one.Dispose();
    }
}
