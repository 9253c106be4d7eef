using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirCarePlan.Server.Http;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.OpenApi;
using FhirCarePlan.Server.Settings;

namespace FhirCarePlan.Server.Tests.OpenApi;

public class OpenApiDocumentTests
{
    private static readonly Lazy<Task<byte[]>> Made = new(OpenApiCommand.Document);

    private static string Repository { get; } = FhirCarePlan.Server.Settings.Places.From(AppContext.BaseDirectory, AppContext.BaseDirectory).Repository!;

    [Fact]
    public async Task The_committed_document_is_not_stale() =>
        Assert.True(await File.ReadAllTextAsync(Path.Combine(Repository, "openapi", "fhircareplan.json")) == Encoding.UTF8.GetString(await Made.Value),
            "Write it anew: dotnet run --project src/FhirCarePlan.Server -- openapi openapi/fhircareplan.json");

    /// <summary>A server of the default settings; Development offers personas besides, and says so in its document.</summary>
    [Fact]
    public async Task It_is_what_a_server_serves()
    {
        await using var server = await ServerProcess.Start();
        var served = JsonNode.Parse(await server.Anonymous.GetStringAsync("openapi/fhircareplan.json"))!.AsObject();
        var committed = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository, "openapi", "fhircareplan.json")))!.AsObject();
        Assert.Contains("next-review", served.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(["/components/securitySchemes/personas", "/security"], Differences("", committed, served).Order());
    }

    private static IEnumerable<string> Differences(string at, JsonNode? a, JsonNode? b)
    {
        if (a is JsonObject x && b is JsonObject y)
            return x.Select(p => p.Key).Union(y.Select(p => p.Key)).SelectMany(k => x.ContainsKey(k) && y.ContainsKey(k) ? Differences($"{at}/{k}", x[k], y[k]) : [$"{at}/{k}"]);
        if (a is JsonArray i && b is JsonArray j && i.Count == j.Count) return i.Zip(j).SelectMany((p, n) => Differences($"{at}/{n}", p.First, p.Second));
        return JsonNode.DeepEquals(a, b) ? [] : [at];
    }

    [Fact]
    public async Task Is_small_and_without_what_development_adds()
    {
        var bytes = await Made.Value;
        Assert.InRange(bytes.Length, 1, (1 << 20) - 1);
        Assert.DoesNotContain("/dev", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Describes_every_route_and_no_other()
    {
        using var document = JsonDocument.Parse(await Made.Value);
        var described = new HashSet<string>();
        foreach (var path in document.RootElement.GetProperty("paths").EnumerateObject())
        {
            var pattern = path.Name;
            foreach (var section in Section.All)
                pattern = pattern.Replace($"/fhir/{section.Type}", "/fhir/{type}", StringComparison.Ordinal);
            foreach (var method in path.Value.EnumerateObject()) described.Add($"{method.Name.ToUpperInvariant()} {pattern}");
        }
        // OPTIONS is of every address and describes none.
        Assert.Equal(Table.All.All.SelectMany(i => i.Routes.Where(r => !r.IsOfAnyAddress).Select(r => $"{r.Method} {FhirBase.Path}{(i.On is { } type && Section.All.Any(s => s.Type == type) ? r.Pattern.Replace($"/{type}", "/{type}", StringComparison.Ordinal) : r.Pattern)}")).Order(), described.Order());
    }

    [Fact]
    public async Task Has_a_section_for_each_core_resource_with_samples_as_bodies()
    {
        using var document = JsonDocument.Parse(await Made.Value);
        var tags = document.RootElement.GetProperty("tags").EnumerateArray().Select(t => t.GetProperty("name").GetString());
        Assert.Equal(["CarePlan", "CareTeam", "Condition", "Consent", "Patient", "Other resources", "Server", "Terminology"], tags);
        var examples = document.RootElement.GetProperty("components").GetProperty("examples");
        foreach (var section in Section.All)
            foreach (var operation in new[] { "", "/$validate" })
            {
                var given = document.RootElement.GetProperty("paths").GetProperty($"/fhir/{section.Type}{operation}").GetProperty("post")
                    .GetProperty("requestBody").GetProperty("content").GetProperty("application/fhir+json").GetProperty("examples").EnumerateObject().ToList();
                Assert.Equal(section.Bodies.Count, given.Count);
                Assert.All(given, g => Assert.Equal(section.Type, examples.GetProperty(g.Name).GetProperty("value").GetProperty("resourceType").GetString()));
            }
    }

    [Fact]
    public async Task Every_read_has_an_id_that_the_samples_have()
    {
        using var document = JsonDocument.Parse(await Made.Value);
        foreach (var section in Section.All)
        {
            var id = document.RootElement.GetProperty("paths").GetProperty($"/fhir/{section.Type}/{{id}}").GetProperty("get").GetProperty("parameters")[0];
            Assert.True(File.Exists(Path.Combine(Repository, "samples", "partnership", $"{section.Type}-{id.GetProperty("example").GetString()}.json")));
        }
    }

    [Fact]
    public async Task Operations_have_names_of_their_own()
    {
        using var document = JsonDocument.Parse(await Made.Value);
        var names = document.RootElement.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject()).Select(o => o.Value.GetProperty("operationId").GetString()).ToList();
        Assert.Equal(names.Count, names.Distinct().Count());
    }
}
