using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace FhirCarePlan.Server.Tests;

/// <summary>The service as one organisation's own FHIR server: `system` is its staff and may choose ids; all others are
/// outsiders.</summary>
public sealed class SingleOrganisationTests : IAsyncLifetime
{
    private ServerProcess server = null!;

    public async Task InitializeAsync() => server = await ServerProcess.Start(new Dictionary<string, string>
    {
        ["Sharing:Protocols"] = "profiles/sharing/single-organisation.yaml",
        ["Fhir:Types"] = "*",
        ["Validation:Profiles"] = "Declared",
    });

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Its_staff_store_what_they_like_under_ids_they_choose()
    {
        var system = await server.As("system");
        var body = """{"resourceType":"Basic","id":"x","code":{"text":"anything"}}""";
        using var stored = await system.PutAsync("Basic/x", new StringContent(body, Encoding.UTF8, "application/fhir+json"));
        Assert.Equal(HttpStatusCode.Created, stored.StatusCode);
        var read = await system.GetFromJsonAsync<JsonElement>("Basic/x");
        Assert.Equal("anything", read.GetProperty("code").GetProperty("text").GetString());
        Assert.False(read.GetProperty("meta").TryGetProperty("security", out _));
        Assert.Equal(HttpStatusCode.NotFound, (await (await server.As("gp")).GetAsync("Basic/x")).StatusCode);
    }

    [Fact]
    public async Task The_capability_statement_says_so()
    {
        var statement = await server.Anonymous.GetFromJsonAsync<JsonElement>("fhir/metadata");
        var resources = statement.GetProperty("rest")[0].GetProperty("resource").EnumerateArray().ToList();
        Assert.Equal(146, resources.Count);
        Assert.True(resources.Single(r => r.GetProperty("type").GetString() == "Basic").GetProperty("updateCreate").GetBoolean());
    }
}
