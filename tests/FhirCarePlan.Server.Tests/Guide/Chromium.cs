using Microsoft.Playwright;

namespace FhirCarePlan.Server.Tests.Guide;

/// <summary>One browser for the tests of a class; started by the first that needs it.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Quiet =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync"];

    private IPlaywright? playwright;
    private IBrowser? browser;

    public async Task<IBrowserContext> Window(int width, ColorScheme scheme = ColorScheme.Light)
    {
        playwright ??= await Playwright.CreateAsync();
        browser ??= await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Optional.Require(Optional.Chromium), Args = Quiet });
        return await browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 800 }, ColorScheme = scheme });
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
    }
}
