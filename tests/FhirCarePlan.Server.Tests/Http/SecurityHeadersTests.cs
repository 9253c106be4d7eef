using System.Net;

namespace FhirCarePlan.Server.Tests.Http;

/// <summary>The headers that tell a browser what it may do, on every answer.</summary>
public sealed class SecurityHeadersTests(SampleServer server) : IClassFixture<SampleServer>
{
    [Theory]
    [InlineData("fhir/metadata", HttpStatusCode.OK)]
    [InlineData("fhir/Patient", HttpStatusCode.Unauthorized)]
    [InlineData("fhir/nothing/of/that/kind", HttpStatusCode.Unauthorized)]
    [InlineData("profiles", HttpStatusCode.OK)]
    [InlineData("profiles/no-such-page", HttpStatusCode.NotFound)]
    [InlineData("swagger/index.html", HttpStatusCode.OK)]
    [InlineData("openapi/fhircareplan.json", HttpStatusCode.OK)]
    [InlineData("health", HttpStatusCode.OK)]
    [InlineData("no-such-address", HttpStatusCode.Unauthorized)]
    public async Task Every_answer_forbids_framing_guessing_and_telling_where_one_was(string address, HttpStatusCode status)
    {
        using var answer = await server.Process.Anonymous.GetAsync(address);
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
        Assert.Equal("DENY", Header(answer, "X-Frame-Options"));
        Assert.Equal("no-referrer", Header(answer, "Referrer-Policy"));
        var policy = Header(answer, "Content-Security-Policy");
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal(address.StartsWith("swagger", StringComparison.Ordinal), policy.Contains("script-src", StringComparison.Ordinal));
        Assert.DoesNotContain("script-src 'self' 'unsafe", policy, StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"), "it came by http");
        Assert.False(answer.Headers.Contains("Server"));
    }

    private static string Header(HttpResponseMessage answer, string name) => Assert.Single(answer.Headers.GetValues(name));
}
