using Deque.AxeCore.Playwright;
using FhirCarePlan.Server.Settings;
using FhirCarePlan.Server.Tests.Guide;
using Microsoft.Playwright;

namespace FhirCarePlan.Server.Tests.Governance;

/// <summary>The pages at `/sharing` in a real browser: clean by axe-core's rules on a phone and on a desk, in light and dark, and used
/// without a script. https://github.com/dequelabs/axe-core</summary>
public sealed class SharingBrowserTests(SampleServer server, Chromium chromium) : IClassFixture<SampleServer>, IClassFixture<Chromium>
{
    private static readonly string[] Pages =
        ["sharing", "sharing/matrix?party=homes", "sharing/who-can-see?category=risk", "sharing/explain?party=homes&role=housing-worker&purpose=housing-support", "sharing/draft",
            "sharing/checks", "sharing/matrix?party=nobody"];

    private static string AgreementPath => Path.Combine(
        Places.From(AppContext.BaseDirectory, AppContext.BaseDirectory).Repository!, "profiles", "sharing", "rivelin-partnership.yaml");

    [OptionalTheory(Optional.Chromium)]
    [InlineData(360, ColorScheme.Light)]
    [InlineData(360, ColorScheme.Dark)]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    public async Task Axe_finds_nothing_and_nobody_scrolls_sideways(int width, ColorScheme scheme)
    {
        await using var context = await chromium.Window(width, scheme);
        var page = await context.NewPageAsync();
        var faults = new List<string>();
        foreach (var address in Pages)
        {
            await page.GotoAsync(server.Process.Address + address);
            await Judge(page, address, faults);
        }
        // A draft with a fault, and one that changes what others see, through the form.
        foreach (var (ask, draft) in new[] { ("check", "title: x\ntitle: y"), ("diff", (await File.ReadAllTextAsync(AgreementPath)).Replace("substance-misuse, physical-health, carer-information]", "physical-health]", StringComparison.Ordinal)) })
        {
            await page.GotoAsync(server.Process.Address + "sharing/draft");
            await page.GetByLabel("Draft (YAML)").FillAsync(draft);
            await page.GetByLabel("Question").SelectOptionAsync(ask);
            await page.GetByRole(AriaRole.Button, new() { Name = "Ask" }).ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToBeVisibleAsync();
            await Judge(page, $"draft-{ask}", faults);
        }
        Assert.Equal([], faults);
    }

    [OptionalFact(Optional.Chromium)]
    public async Task A_guardian_filters_by_keyboard()
    {
        await using var context = await chromium.Window(1280);
        var page = await context.NewPageAsync();
        await page.GotoAsync(server.Process.Address + "sharing/who-can-see");
        await page.GetByLabel("Category").FocusAsync();
        await page.Keyboard.TypeAsync("risk");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/sharing/who-can-see?category=risk*");
        Assert.True(await page.GetByRole(AriaRole.Row).CountAsync() > 1);
    }

    private async Task Judge(IPage page, string name, List<string> faults)
    {
        var result = await page.RunAxe();
        faults.AddRange(result.Violations.SelectMany(v => v.Nodes, (v, node) => $"{name}: {v.Id} {node.Html}"));
        var width = page.ViewportSize!.Width;
        var needed = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
        if (needed > width) faults.Add($"{name}: {needed} of {width}");
        if (Environment.GetEnvironmentVariable("FCP_SCREENSHOTS") is not { Length: > 0 } folder) return;
        var scheme = await page.EvaluateAsync<bool>("matchMedia('(prefers-color-scheme: dark)').matches") ? "dark" : "light";
        await page.ScreenshotAsync(new()
        {
            Path = Path.Combine(folder, $"{string.Concat(name.Select(c => char.IsLetterOrDigit(c) ? c : '-'))}-{width}-{scheme}.png"),
            Clip = new() { X = 0, Y = 0, Width = width, Height = 1400 }, FullPage = true
        });
    }
}
