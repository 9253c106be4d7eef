using FhirCarePlan.Server.Tests.Outside;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FhirCarePlan.Server.Tests.Authentication;

/// <summary>The whole server while the provider of its tokens does not answer.</summary>
public class ProviderAwayTests
{
    [Fact]
    public async Task It_answers_503_says_when_to_come_back_and_puts_it_in_the_log()
    {
        await using var server = await ServerProcess.Start(new Dictionary<string, string> { ["Authentication:Authority"] = "http://127.0.0.1:9", ["Authentication:Audience"] = "us" });
        var key = new SymmetricSecurityKey(new byte[32]);
        var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor { Issuer = "http://127.0.0.1:9", Audience = "us", SigningCredentials = new(key, "HS256") });
        var answer = await server.Anonymous.Send("GET", "fhir/Patient", null, null, $"Authorization: Bearer {token}");
        Assert.Equal((503, "10"), (answer.Status, answer.Header("Retry-After")));
        Assert.Equal("transient", (string?)answer.Json["issue"]![0]!["code"]);
        Assert.Contains("provider does not answer", answer.Said, StringComparison.Ordinal);
        Assert.Equal(401, (await server.Anonymous.Send("GET", "fhir/Patient")).Status);
        Assert.Equal(200, (await server.Anonymous.Send("GET", "fhir/metadata", null, null, $"Authorization: Bearer {token}")).Status);
        for (var tries = 0; !server.Output.Contains("Tokens cannot be checked", StringComparison.Ordinal); tries++)
        {
            Assert.True(tries < 100, server.Output);
            await Task.Delay(50);
        }
        Assert.DoesNotContain(token, server.Output, StringComparison.Ordinal);
    }
}
