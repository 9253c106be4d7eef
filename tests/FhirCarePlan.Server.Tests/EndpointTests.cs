using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FhirCarePlan.Server.Tests;

/// <summary>Walks the table of all endpoints there are, so that a new one cannot be open by oversight.</summary>
public class EndpointTests
{
    private static async Task<List<string>> Anonymous(params string[] arguments)
    {
        await using var app = Startup.Build([.. arguments, "--environment=Development", "--Sharing:Protocols=profiles/sharing/rivelin-partnership.yaml"]);
        return [.. ((IEndpointRouteBuilder)app).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() != null).Select(e => e.RoutePattern.RawText!).Order(StringComparer.Ordinal)];
    }

    /// <summary>Below /fhir the pipeline itself asks for a token (StatusTableTests), so that the refusal is on record.</summary>
    [Fact]
    public async Task These_answer_without_a_token_and_no_other() => Assert.Equal(
        ["/", "/dev/personas", "/dev/token", "/health", "/health/live", "/health/ready", "/openapi/fhircareplan.json", "/openapi/page.json", "/profiles", "/profiles/samples/{**file}", "/profiles/{name}", "/sharing", "/sharing/checks", "/sharing/draft", "/sharing/draft", "/sharing/explain", "/sharing/matrix", "/sharing/who-can-see"],
        (await Anonymous("--urls=http://localhost:5080")).Where(p => !p.StartsWith("/fhir", StringComparison.Ordinal)));

    [Fact]
    public void Only_what_is_the_same_for_everybody_is_public() =>
        Assert.Equal(["capabilities", "options"], Server.Interactions.Table.All.All.Where(i => i.IsPublic).Select(i => i.Name));

    [Theory]
    [InlineData("--urls=http://0.0.0.0:5080")]
    [InlineData("--Authentication:Authority=https://id.example", "--Authentication:Audience=us")]
    public async Task The_built_in_issuer_is_not_even_mapped_where_it_must_not_be(params string[] arguments) =>
        Assert.DoesNotContain(await Anonymous(arguments), p => p.StartsWith("/dev", StringComparison.Ordinal));
}
