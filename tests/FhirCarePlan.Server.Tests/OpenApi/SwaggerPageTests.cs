using Microsoft.Playwright;

namespace FhirCarePlan.Server.Tests.OpenApi;

/// <summary>The first page a developer meets, in a real browser: sign in as a persona, then press *Execute* with the page's own
/// values.</summary>
public sealed class SwaggerPageTests(SampleServer server) : IClassFixture<SampleServer>
{
    private static readonly string[] Quiet =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync"];

    [OptionalFact(Optional.Chromium)]
    public async Task A_persona_signs_in_and_every_proposal_succeeds_on_the_first_click()
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser =
            await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Optional.Require(Optional.Chromium), Args = Quiet });
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1200, Height = 1600 } });
        await page.GotoAsync($"{server.Process.Address}swagger/index.html");
        await SignIn(page);
        var failures = new List<string>();
        foreach (var section in (string[])["CarePlan", "CareTeam", "Condition", "Consent", "Patient"])
        {
            await page.Locator($"#operations-tag-{section}").ClickAsync();
            // Creating comes last: a consent changes what is seen.
            foreach (var (verb, status) in new[] { ("read", "200"), ("search", "200"), ("validate", "200"), ("create", "201") })
                if (await Execute(page, $"{section}-{verb}{section}") is var answered && answered != status)
                    failures.Add($"{verb} {section}: {answered}");
            await Keep(page, section);
            await page.Locator($"#operations-tag-{section}").ClickAsync();
        }
        await page.Locator("#operations-tag-Other_resources").ClickAsync();
        foreach (var verb in (string[])["read", "search"])
            if (await Execute(page, $"Other_resources-{verb}Resource") is var answered and not "200")
                failures.Add($"{verb} Goal: {answered}");
        Assert.Empty(failures);
    }

    /// <summary>A picture of the page to look at.</summary>
    private static async Task Keep(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("FCP_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"swagger-{name}.png"), FullPage = true });
    }

    private static async Task SignIn(IPage page)
    {
        await page.Locator(".auth-wrapper .btn.authorize").First.ClickAsync();
        var form = page.Locator(".auth-container").Filter(new() { HasText = "clientCredentials" });
        Assert.Contains("care-coordinator", await form.InnerTextAsync(), StringComparison.Ordinal);
        await form.Locator("input[data-name=clientId], #client_id_clientCredentials").First.FillAsync("care-coordinator");
        await form.Locator("button.authorize").ClickAsync();
        await form.GetByText("Logout").WaitForAsync();
        await page.Locator(".modal-ux .btn-done").First.ClickAsync();
    }

    /// <summary>The status the page shows after pressing *Execute* with its own proposals.</summary>
    private static async Task<string> Execute(IPage page, string id)
    {
        var operation = page.Locator($"#operations-{id}");
        await operation.Locator(".opblock-summary-control").ClickAsync();
        await operation.Locator("button.execute").ClickAsync();
        var status = operation.Locator(".live-responses-table .response .response-col_status").First;
        await status.WaitForAsync(new() { Timeout = 60_000 });
        return (await status.InnerTextAsync()).Trim().Split(['\n', ' '])[0];
    }
}
