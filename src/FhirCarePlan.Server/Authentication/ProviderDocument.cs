using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect.Configuration;

namespace FhirCarePlan.Server.Authentication;

/// <summary>The document of an OpenID provider, with its keys. It is fetched when first needed and every ten minutes, and at once when a token
/// names a key that is not in it; a key that the provider has taken out ends with that. A provider that does not answer keeps nobody waiting
/// longer than a fixed time, and is asked again by the next request.</summary>
/// <param name="address">Of the document.</param>
/// <param name="patience">The longest that a fetch may take.</param>
public sealed class ProviderDocument(string address, TimeSpan patience, TimeProvider clock, Func<HttpClient> http)
    : IConfigurationManager<OpenIdConnectConfiguration>
{
    /// <summary>Older than this it is fetched again while the old one serves; older than `Stalest` it serves nobody.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10), Stalest = TimeSpan.FromHours(12);
    /// <summary>The shortest time between two fetches: neither bad tokens nor a broken provider make this server ask without end.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private sealed record Held(OpenIdConnectConfiguration Document, DateTimeOffset At);

    private readonly Lock guard = new();
    private volatile Held? held;
    private Task<Held>? fetch;
    private long begun;

    /// <summary>As it was last fetched; null before that.</summary>
    public OpenIdConnectConfiguration? Known => held?.Document;

    /// <summary>Grows when the provider's keys change: what was checked with the old ones must be checked again.</summary>
    public int Generation { get; private set; }

    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel)
    {
        if (held is { } known && clock.GetUtcNow() - known.At is var age && age < Stalest)
        {
            // Nobody waits for the new one; a failure is the next request's to meet.
            if (age >= Fresh) _ = Fetch();
            return known.Document;
        }
        return (await Fetch().WaitAsync(cancel)).Document;
    }

    /// <summary>For a token whose key is not known: true when there are other keys now.</summary>
    public async Task<bool> Renew(CancellationToken cancel)
    {
        var before = Generation;
        await Fetch().WaitAsync(cancel);
        return Generation != before;
    }

    /// <summary>The framework asks for it where a key is not known; Renew has done that.</summary>
    public void RequestRefresh() { }

    /// <summary>One at a time for all who wait.</summary>
    private Task<Held> Fetch()
    {
        lock (guard)
        {
            if (fetch is { } last && (!last.IsCompleted || clock.GetElapsedTime(begun) < Pause)) return last;
            begun = clock.GetTimestamp();
            // A request that goes away takes nobody else's answer with it.
            fetch = Task.Run(Get, CancellationToken.None);
            // Seen to even if nobody waits for it.
            _ = fetch.ContinueWith(static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            return fetch;
        }
    }

    private async Task<Held> Get()
    {
        using var limit = new CancellationTokenSource(patience);
        using var client = http();
        var documents = new HttpDocumentRetriever(client) { RequireHttps = address.StartsWith("https", StringComparison.OrdinalIgnoreCase) };
        var document = await OpenIdConnectConfigurationRetriever.GetAsync(address, documents, limit.Token).WaitAsync(limit.Token);
        // A document without keys, such as a page of maintenance, is none.
        if (new OpenIdConnectConfigurationValidator().Validate(document) is { Succeeded: false })
            throw new InvalidDataException("the provider's document has no keys");
        if (string.IsNullOrEmpty(document.Issuer)) throw new InvalidDataException("the provider's document names no issuer");
        var now = new Held(document, clock.GetUtcNow());
        lock (guard)
        {
            if (held is { } before && !SameKeys(before.Document, document)) Generation++;
            held = now;
        }
        return now;
    }

    private static bool SameKeys(OpenIdConnectConfiguration one, OpenIdConnectConfiguration other) =>
        one.Issuer == other.Issuer && Keys(one).SetEquals(Keys(other));

    private static HashSet<string> Keys(OpenIdConnectConfiguration of) =>
        [.. of.JsonWebKeySet.Keys.Select(k => $"{k.Kid} {k.Kty} {k.N} {k.E} {k.Crv} {k.X} {k.Y}")];
}
