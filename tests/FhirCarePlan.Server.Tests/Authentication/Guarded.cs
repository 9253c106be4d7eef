using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using FhirCarePlan.Server.Authentication;
using FhirCarePlan.Server.Settings;
using FhirCarePlan.Sharing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FhirCarePlan.Server.Tests.Authentication;

/// <summary>What an endpoint behind our authentication answered.</summary>
internal sealed record Told(int Status, string Body, string Challenge, int? RetryAfter)
{
    public string Said => JsonDocument.Parse(Body).RootElement.GetProperty("issue")[0].GetProperty("diagnostics").GetString()!;
}

/// <summary>A small server that believes one provider, says who a caller is, and keeps all that it logs.</summary>
internal sealed class Guarded : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly HttpClient client;
    private readonly Sink sink;

    private Guarded(WebApplication app, HttpClient client, Sink sink) => (this.app, this.client, this.sink) = (app, client, sink);

    /// <summary>All lines at every level.</summary>
    public string Log => string.Join('\n', sink.Lines);

    public static async Task<Guarded> By(AuthenticationSettings settings, Protocol? protocol = null)
    {
        var sink = new Sink();
        var (app, client) = await Loopback.Serve(services =>
        {
            services.AddLogging(log => log.AddProvider(sink).AddFilter<Sink>(null, LogLevel.Trace));
            services.AddSingleton(protocol ?? Agreement.Standard);
            services.AddTokens(settings, TimeProvider.System);
        }, app =>
        {
            app.UseAuthentication();
            app.UseAuthorization();
            app.Services.GetRequiredService<SmartConfiguration>().Map(app);
            app.MapGet("/who", (HttpContext http, CallerReader callers) => callers.Read(http.User) is { } c
                ? string.Create(CultureInfo.InvariantCulture, $"{c.Party}|{c.Role}|{c.Purpose}|{c.Subject}|{c.Scopes?.Text ?? "-"}|{c.LaunchPatient}|{c.FhirUser}") : "nobody");
        });
        return new(app, client, sink);
    }

    /// <summary>`party|role|purpose|subject|scopes|launch|fhirUser` of a good token.</summary>
    public async Task<Told> Who(string token, string at = "who")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, at);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        using var answer = await client.SendAsync(request);
        return new((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), string.Join(",", answer.Headers.WwwAuthenticate), (int?)answer.Headers.RetryAfter?.Delta?.TotalSeconds);
    }

    /// <summary>Asks again until it is answered so: a provider is asked at most once a second.</summary>
    public async Task<Told> Until(int status, string token)
    {
        for (var tries = 0; ; tries++)
        {
            var told = await Who(token);
            if (told.Status == status) return told;
            Assert.True(tries < 100, $"{told.Status} {told.Body}");
            await Task.Delay(100);
        }
    }

    public async Task Refuses(string token, string why)
    {
        var told = await Who(token);
        Assert.True(told.Status == 401, $"{told.Status} {told.Body}");
        Assert.Contains(why, told.Said, StringComparison.Ordinal);
        Assert.Contains("error=\"invalid_token\"", told.Challenge, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
    }

    private sealed class Sink : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];
        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{formatter(state, exception)} {exception}");
        public void Dispose() { }
    }
}
