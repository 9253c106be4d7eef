using System.Net;

namespace FhirCarePlan.Server.Tests.Http;

/// <summary>Behind a proxy that ends TLS: its headers are believed only if the proxy is a known one.</summary>
public class ProxiesTests
{
    private static readonly (string, string)[] Forwarded =
        [("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "care.example"), ("X-Forwarded-Prefix", "/ccp"),
            ("X-Forwarded-For", "192.0.2.7")];

    private static Task<ServerProcess> Start(string? proxies) => ServerProcess.Start(new Dictionary<string, string>
    {
        ["Sharing:Protocols"] = "profiles/sharing/single-organisation.yaml",
        ["Authentication:Authority"] = "https://id.example",
        ["Authentication:Audience"] = "us",
        ["Ledger:Key"] = Convert.ToBase64String(new byte[32]),
        ["Server:BaseUrl"] = "https://care.example/ccp/fhir",
        ["Server:KnownProxies"] = proxies ?? "",
    }, environment: "Production");

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.0/8, 127.0.0.0/8")]
    public async Task A_known_proxy_says_scheme_and_name(string proxies)
    {
        await using var server = await Start(proxies);
        using var answer = Ask(server, "fhir/metadata", "backend:8080", Forwarded);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("max-age=31536000", Assert.Single(answer.Headers.GetValues("Strict-Transport-Security")));
        Assert.Contains("\"url\":\"https://care.example/ccp/fhir\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        // The name it gives must still be ours.
        using var foreign = Ask(server, "fhir/metadata", "care.example", [("X-Forwarded-Host", "evil.example")]);
        Assert.Equal(HttpStatusCode.BadRequest, foreign.StatusCode);
        // The prefix may come along in the path instead.
        using var below = Ask(server, "ccp/fhir/metadata", "care.example", [("X-Forwarded-Proto", "https")]);
        Assert.Equal(HttpStatusCode.OK, below.StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("10.0.0.7")]
    [InlineData("10.0.0.0/8, 192.168.0.0/16")]
    public async Task Nobody_elses_word_counts(string? proxies)
    {
        await using var server = await Start(proxies);
        using var claimed = Ask(server, "fhir/metadata", "backend:8080", Forwarded);
        Assert.Equal(HttpStatusCode.BadRequest, claimed.StatusCode);
        using var own = Ask(server, "fhir/metadata", "care.example", Forwarded);
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        Assert.False(own.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task Pages_below_a_path_link_to_pages_below_it()
    {
        await using var server = await Start("127.0.0.1");
        foreach (var (address, headers) in (ReadOnlySpan<(string, (string, string)[])>)[("profiles", Forwarded), ("ccp/profiles", []),
            ("ccp/profiles/no-such-page", [])])
        {
            using var answer = Ask(server, address, "care.example", headers);
            using var reader = new StreamReader(answer.Content.ReadAsStream());
            var page = reader.ReadToEnd();
            Assert.Contains("href=\"/ccp/profiles/guide.css\"", page, StringComparison.Ordinal);
            Assert.DoesNotContain("href=\"/profiles", page, StringComparison.Ordinal);
        }
        using var style = Ask(server, "ccp/profiles/guide.css", "care.example", []);
        Assert.Equal(HttpStatusCode.OK, style.StatusCode);
        using var swagger = Ask(server, "ccp/swagger/index.js", "care.example", []);
        Assert.Contains("../openapi/page.json", await swagger.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var document = Ask(server, "ccp/openapi/fhircareplan.json", "care.example", []);
        Assert.Contains("\"url\": \"/ccp\"", await document.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static HttpResponseMessage Ask(ServerProcess server, string path, string host, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = host } };
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return server.Anonymous.Send(request);
    }
}
