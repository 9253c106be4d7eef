using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using FhirCarePlan.Server.Settings;

namespace FhirCarePlan.Server.Authentication;

/// <summary>Asks the provider whether a token is still good, where the settings say so. Without a clear answer no token is accepted.
/// https://www.rfc-editor.org/rfc/rfc7662</summary>
public sealed class Introspection(AuthenticationSettings settings, ITokenProvider provider, TimeProvider clock, Func<HttpClient> http)
{
    /// <summary>The answers that a token is not good: asked for again as rarely as the others.</summary>
    private readonly TokenCache revoked = new(clock);

    public bool IsOn => settings.Introspection is not null;

    /// <summary>How long a token may be remembered: an answer counts for a while, and no longer than the token.</summary>
    public DateTimeOffset Until(DateTimeOffset expires) =>
        settings.Introspection is { Cache: var most } && clock.GetUtcNow() + most is var asked && asked < expires ? asked : expires;

    /// <exception cref="Exception">The provider gives no clear answer.</exception>
    public async Task<bool> IsActive(string token, CancellationToken cancel)
    {
        var asked = settings.Introspection!;
        if (revoked.Find(token) is not null) return false;
        var address = asked.Address ?? provider.Document?.Known?.IntrospectionEndpoint;
        if (string.IsNullOrEmpty(address)) throw new InvalidDataException("the provider's document names no introspection endpoint");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(settings.ProviderTimeout);
        using var client = http();
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new FormUrlEncodedContent([new("token", token), new("token_type_hint", "access_token")]),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(asked.ClientId)}:{Uri.EscapeDataString(asked.ClientSecret)}")));
        request.Headers.Accept.Add(new("application/json"));
        using var answer = await client.SendAsync(request, limit.Token);
        answer.EnsureSuccessStatusCode();
        using var said = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(limit.Token));
        var isActive = said.RootElement.GetProperty("active").GetBoolean();
        if (!isActive) revoked.Add(token, Microsoft.AspNetCore.Authentication.AuthenticateResult.NoResult(), clock.GetUtcNow() + asked.Cache);
        return isActive;
    }
}
