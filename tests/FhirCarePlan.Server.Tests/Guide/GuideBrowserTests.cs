using System.Text.Json;
using Microsoft.Playwright;

namespace FhirCarePlan.Server.Tests.Guide;

/// <summary>The guide in a real browser: on a phone and on a desk, in light and dark, by keyboard, and for a listener.</summary>
public sealed class GuideBrowserTests(SampleServer server, Chromium chromium) : IClassFixture<SampleServer>, IClassFixture<Chromium>
{
    private static readonly string[] Pages =
    [
        "profiles", "profiles/extensions", "profiles/codes", "profiles/rules", "profiles/search", "profiles/requirements",
            "profiles/CPA-CarePlan", "profiles/CPA-Consent",
        "profiles/CPA-ShareRequestTask", "profiles/Extension-CPA-ReviewArrangements", "profiles/CodeSystem-CPA-SharingBasis",
            "profiles/ValueSet-CPA-SMIDiagnosis",
        "profiles/samples/invalid/CPA-CareTeam/no-crisis-service", "profiles/nobody",
        "profiles/start", "profiles/security", "profiles/views", "profiles/errors", "profiles/changes", "profiles/agreement", "profiles/find?q=crisis",
    ];

    [OptionalFact(Optional.Chromium)]
    public async Task Landmarks_headings_and_tables_are_said_as_such()
    {
        var faults = new List<string>();
        await using var context = await chromium.Window(1280);
        var page = await context.NewPageAsync();
        foreach (var address in Pages)
        {
            await page.GotoAsync(server.Process.Address + address);
            faults.AddRange((await page.EvaluateAsync<string[]>(Structure)).Select(f => $"{address}: {f}"));
        }
        Assert.Equal([], faults);
    }

    [OptionalFact(Optional.Chromium)]
    public async Task Every_text_stands_out_from_its_ground_in_light_and_dark()
    {
        var faults = new List<string>();
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await using var context = await chromium.Window(1280, scheme);
            var page = await context.NewPageAsync();
            foreach (var address in Pages)
            {
                await page.GotoAsync(server.Process.Address + address);
                faults.AddRange((await page.EvaluateAsync<string[]>(Contrast)).Select(f => $"{address} {scheme}: {f}"));
                if (address is "profiles" or "profiles/CPA-CarePlan") await Keep(page, $"{address}-{scheme}");
            }
            Assert.Equal(scheme == ColorScheme.Dark,
                await page.EvaluateAsync<bool>("getComputedStyle(document.body).backgroundColor !== 'rgb(255, 255, 255)'"));
        }
        Assert.Equal([], faults);
    }

    [OptionalTheory(Optional.Chromium)]
    [InlineData(360)]
    [InlineData(768)]
    [InlineData(1280)]
    public async Task Nobody_scrolls_sideways(int width)
    {
        var faults = new List<string>();
        await using var context = await chromium.Window(width);
        var page = await context.NewPageAsync();
        foreach (var address in Pages)
        {
            await page.GotoAsync(server.Process.Address + address);
            var needed = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            if (needed > width) faults.Add($"{address}: {needed} of {width}");
            await Keep(page, $"{address}-{width}");
        }
        Assert.Equal([], faults);
    }

    [OptionalFact(Optional.Chromium)]
    public async Task Everything_is_reached_by_keyboard_and_seen_when_it_is()
    {
        await using var context = await chromium.Window(360);
        var page = await context.NewPageAsync();
        await page.GotoAsync(server.Process.Address + "profiles/CPA-Consent");
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to content", await page.EvaluateAsync<string>("document.activeElement.textContent"));
        Assert.True(await page.EvaluateAsync<bool>("document.activeElement.getBoundingClientRect().left >= 0"));
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal("main", await page.EvaluateAsync<string>("document.activeElement.id"));

        await page.GotoAsync("about:blank");
        await page.GotoAsync(server.Process.Address + "profiles/CPA-Consent");
        var focusable = await page.EvaluateAsync<int>("document.querySelectorAll('a[href], summary, [tabindex=\"0\"]').length");
        Assert.True(focusable > 100);
        var reached = new HashSet<int>();
        for (var i = 0; i < focusable; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            var (index, outline, visible) = await Focused(page);
            Assert.True(outline >= 2 && visible, $"focus on part {index} cannot be seen");
            Assert.Equal(i, index); // the order of reading
            reached.Add(index);
        }
        Assert.Equal(focusable, reached.Count);
    }

    [OptionalFact(Optional.Chromium)]
    public async Task Cardinality_and_reason_of_an_element_are_on_one_line_of_sight()
    {
        await using var context = await chromium.Window(360);
        var page = await context.NewPageAsync();
        await page.GotoAsync(server.Process.Address + "profiles/CPA-CarePlan#CarePlan.careTeam");
        var row = page.Locator("[id='CarePlan.careTeam']");
        Assert.Contains("1..1", await row.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("One team carries the plan", await row.InnerTextAsync(), StringComparison.Ordinal);
        Assert.True(await row.EvaluateAsync<bool>("e => { const r = e.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight && r.height < 200; }"));
        Assert.Equal("1..1 MS",
            (await page.GetByRole(AriaRole.Row).Filter(new() { HasText = "One team carries the plan" }).GetByRole(AriaRole.Cell)
            .First.InnerTextAsync()).Trim());
    }

    private static async Task<(int Index, int Outline, bool Visible)> Focused(IPage page)
    {
        var json = await page.EvaluateAsync<JsonElement>("""
            () => {
              const all = [...document.querySelectorAll('a[href], summary, [tabindex="0"]')], at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
              return { index: all.indexOf(at), outline: style.outlineStyle === 'none' ? 0 : parseInt(style.outlineWidth), visible: box.width > 0 && box.right > 0 && box.left < innerWidth };
            }
            """);
        return (json.GetProperty("index").GetInt32(), json.GetProperty("outline").GetInt32(), json.GetProperty("visible").GetBoolean());
    }

    /// <summary>A picture to look at.</summary>
    private static async Task Keep(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("FCP_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new()
            {
                Path = Path.Combine(folder, $"{name.Replace('/', '-').Replace('?', '-')}.png"),
                Clip = new() { X = 0, Y = 0, Width = page.ViewportSize!.Width, Height = 1400 }, FullPage = true
            });
    }

    private const string Structure = """
        () => {
          const faults = [], all = s => [...document.querySelectorAll(s)];
          if (!document.documentElement.lang.startsWith('en')) faults.push('no language');
          if (!document.title) faults.push('no title');
          for (const [s, n] of [['body > header', 1], ['header nav[aria-label]', 1], ['main', 1], ['body > footer', 1], ['h1', 1]])
            if (all(s).length !== n) faults.push(`${all(s).length} of ${s}`);
          let last = 0;
          for (const h of all('h1,h2,h3,h4,h5,h6')) {
            const level = +h.tagName[1];
            if (level > last + 1) faults.push(`h${level} after h${last}: ${h.textContent}`);
            last = level;
          }
          for (const t of all('table')) {
            if (!t.caption?.textContent) faults.push('table without a caption');
            if ([...t.querySelectorAll('th')].some(h => !['col', 'row'].includes(h.scope))) faults.push(`header without scope in ${t.caption?.textContent}`);
            const columns = t.tHead.rows[0].cells.length;
            if ([...t.tBodies[0].rows].some(r => r.cells.length !== columns || r.cells[0].tagName !== 'TH')) faults.push(`uneven row in ${t.caption?.textContent}`);
          }
          const ids = all('[id]').map(e => e.id), double = ids.filter((id, i) => ids.indexOf(id) !== i);
          if (double.length) faults.push(`id twice: ${double}`);
          for (const a of all('a')) if (!a.textContent.trim()) faults.push(`empty link to ${a.href}`);
          const names = all('nav').map(n => n.getAttribute('aria-label'));
          if (new Set(names).size !== names.length) faults.push('two navs of one name');
          return faults;
        }
        """;

    private const string Contrast = """
        () => {
          const rgb = c => { const m = c.match(/[\d.]+/g).map(Number); return m.length > 3 && m[3] === 0 ? null : m; };
          const light = c => { const l = c.slice(0, 3).map(v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * l[0] + 0.7152 * l[1] + 0.0722 * l[2]; };
          const faults = new Set();
          for (const e of document.querySelectorAll('body *')) {
            if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
            let ground = null;
            for (let at = e; at && !ground; at = at.parentElement) ground = rgb(getComputedStyle(at).backgroundColor);
            const a = light(rgb(getComputedStyle(e).color)), b = light(ground ?? [255, 255, 255]), ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (ratio < 4.5) faults.add(`${e.tagName} .${e.className} ${ratio.toFixed(2)}`);
          }
          return [...faults];
        }
        """;
}
