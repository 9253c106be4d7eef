using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Http;

/// <summary>The server's own name comes from its settings, never from a request.</summary>
public class OwnAddressesTests
{
    private static readonly Dictionary<string, string> Production = new()
    {
        ["Sharing:Protocols"] = "profiles/sharing/single-organisation.yaml",
        ["Authentication:Authority"] = "https://id.example",
        ["Authentication:Audience"] = "us",
        ["Ledger:Key"] = Convert.ToBase64String(new byte[32]),
        ["Server:BaseUrl"] = "https://care.example/ccp/fhir",
        ["Server:AcceptedBaseUrls"] = "http://inside:5080/fhir",
    };

    [Fact]
    public async Task Outside_development_it_answers_for_its_own_names_only()
    {
        await using var server = await ServerProcess.Start(Production, environment: "Production");
        foreach (var (host, path, status) in (ReadOnlySpan<(string, string, HttpStatusCode)>)[
                     ("care.example", "fhir/metadata", HttpStatusCode.OK), ("CARE.example:443", "ccp/fhir/metadata", HttpStatusCode.OK),
                         ("inside:5080", "fhir/metadata", HttpStatusCode.OK),
                     ("evil.example", "fhir/metadata", HttpStatusCode.BadRequest),
                         ("care.example:8443", "fhir/metadata", HttpStatusCode.BadRequest),
                         ("inside", "fhir/metadata", HttpStatusCode.BadRequest),
                     (server.Address.Authority, "fhir/metadata", HttpStatusCode.BadRequest),
                         ("evil.example", "fhir/Patient", HttpStatusCode.BadRequest),
                         ("evil.example", "swagger/index.html", HttpStatusCode.BadRequest),
                     ("care.example", "fhir/Patient", HttpStatusCode.Unauthorized), ("evil.example", "health", HttpStatusCode.OK)])
        {
            var (answered, body) = Ask(server, path, host);
            Assert.Equal((host, path, status), (host, path, answered));
            if (status == HttpStatusCode.BadRequest) Assert.Equal("OperationOutcome", Text(body, "resourceType"));
            Assert.DoesNotContain("evil.example", body, StringComparison.Ordinal);
        }
        Assert.Equal("https://care.example/ccp/fhir", JsonDocument.Parse(Ask(server, "fhir/metadata", "inside:5080").Body)
            .RootElement.GetProperty("implementation").GetProperty("url").GetString());
    }

    [Fact]
    public async Task In_development_it_is_called_what_it_listens_on_whatever_the_host()
    {
        await using var server = await ServerProcess.Start();
        var client = await server.As("care-coordinator");
        using var request = new HttpRequestMessage(HttpMethod.Post, "Condition")
        {
            Content = new StringContent(Talk.Sample("partnership/Condition-robin-alcohol.json"),
                new MediaTypeHeaderValue("application/fhir+json")),
            Headers = { Host = "evil.example" },
        };
        using var created = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.StartsWith($"{server.Fhir}Condition/", created.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Contains($"\"{server.Fhir}\"".Replace("/\"", "\"", StringComparison.Ordinal), Ask(server, "fhir/metadata", "evil.example")
            .Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_and_full_urls_begin_with_the_public_address_and_references_below_every_accepted_one_are_ours()
    {
        await using var server = await ServerProcess.Start(new Dictionary<string, string>
        {
            ["Server:BaseUrl"] = "https://care.example/ccp/fhir",
            ["Server:AcceptedBaseUrls"] = "http://inside:5080/fhir",
        });
        var client = await server.As("psychiatrist");
        foreach (var own in (string[])["https://care.example/ccp/fhir", "http://care.example/ccp/fhir", "https://CARE.example:443/ccp/fhir",
            "http://inside:5080/fhir"])
        {
            var found = await client.Get($"CarePlan?_id=robin-plan&subject={Uri.EscapeDataString(own + "/Patient/robin")}");
            Assert.Equal(1, found.Total);
            Assert.Equal("https://care.example/ccp/fhir/CarePlan/robin-plan", (string?)found.Entries[0]["fullUrl"]);
            Assert.StartsWith("https://care.example/ccp/fhir/CarePlan?", (string?)found.Json["link"]![0]!["url"], StringComparison.Ordinal);
        }
        foreach (var other in (string[])["https://care.example/fhir", "http://inside/fhir", $"{server.Address}fhir"])
            Assert.Equal(0, (await client.Get($"CarePlan?_id=robin-plan&subject={Uri.EscapeDataString(other + "/Patient/robin")}")).Total);
    }

    private static string? Text(string body, string name) => JsonDocument.Parse(body).RootElement.GetProperty(name).GetString();

    private static (HttpStatusCode Status, string Body) Ask(ServerProcess server, string path, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = host } };
        using var answer = server.Anonymous.Send(request);
        using var reader = new StreamReader(answer.Content.ReadAsStream());
        return (answer.StatusCode, reader.ReadToEnd());
    }
}
