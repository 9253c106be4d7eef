using System.Net;
using FhirCarePlan.Server.Elsewhere;
using FhirCarePlan.Server.Settings;
using Microsoft.Extensions.DependencyInjection;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace FhirCarePlan.Server.Tests.Elsewhere;

/// <summary>A terminology server that asks for a token, and a provider that gives them.</summary>
public sealed class ClientCredentialsTests : IDisposable
{
    private const string Secret = "s:e c";

    private readonly WireMockServer provider = WireMockServer.Start(), terms = WireMockServer.Start();
    private readonly HandClock clock = new(new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero));
    private string now = "one";

    public ClientCredentialsTests()
    {
        provider.Given(Request.Create().WithPath("/token").UsingPost()).RespondWith(Response.Create()
            .WithBody(_ => $$"""{"access_token":"{{now}}","token_type":"Bearer","expires_in":300}"""));
        terms.Given(Request.Create().UsingGet()).AtPriority(10).RespondWith(Response.Create().WithStatusCode(401));
        terms.Given(Request.Create().UsingGet().WithHeader(headers => headers.TryGetValue("Authorization", out var sent) && sent[0] == $"Bearer {now}")).RespondWith(Response.Create().WithBody("{}"));
    }

    public void Dispose()
    {
        provider.Dispose();
        terms.Dispose();
    }

    private CredentialSettings Settings => new($"{provider.Url}/token", "us", Secret, "system/*.read");

    private HttpClient Client() =>
        new(new ClientCredentials(Settings, () => new HttpClient(), clock) { InnerHandler = new SocketsHttpHandler() }) { BaseAddress = new(terms.Url!) };

    private static async Task<HttpStatusCode> Ask(HttpClient client) => (await client.GetAsync("/question")).StatusCode;

    [Fact]
    public async Task A_token_is_fetched_once_and_used_until_shortly_before_its_end()
    {
        using var client = Client();
        Assert.All(await Task.WhenAll(Ask(client), Ask(client), Ask(client)), s => Assert.Equal(HttpStatusCode.OK, s));
        var asked = Assert.Single(provider.LogEntries).RequestMessage!;
        Assert.Equal("grant_type=client_credentials&scope=system%2F%2A.read", asked.Body);
        Assert.Equal($"Basic {Convert.ToBase64String("us:s%3Ae+c"u8)}", asked.Headers!["Authorization"].Single());
        clock.Now += TimeSpan.FromSeconds(269);
        await Ask(client);
        Assert.Single(provider.LogEntries);
        (clock.Now, now) = (clock.Now.AddSeconds(2), "two");
        Assert.Equal(HttpStatusCode.OK, await Ask(client));
        Assert.Equal(2, provider.LogEntries.Count());
    }

    [Fact]
    public async Task A_token_that_is_refused_is_fetched_anew_once()
    {
        using var client = Client();
        await Ask(client);
        now = "two";
        Assert.Equal(HttpStatusCode.OK, await Ask(client));
        Assert.Equal(2, provider.LogEntries.Count());
        // Now it refuses whatever it is shown.
        terms.ResetMappings();
        terms.Given(Request.Create()).RespondWith(Response.Create().WithStatusCode(401));
        terms.ResetLogEntries();
        Assert.Equal(HttpStatusCode.Unauthorized, await Ask(client));
        Assert.Equal((2, 3), (terms.LogEntries.Count(), provider.LogEntries.Count()));
    }

    [Theory]
    [InlineData(400, """{"error":"invalid_client"}""")]
    [InlineData(500, "")]
    [InlineData(200, "")]
    [InlineData(200, "<html>Sign in</html>")]
    [InlineData(200, """{"access_token":""")]
    [InlineData(200, "[1]")]
    [InlineData(200, """{"access_token":""}""")]
    [InlineData(200, """{"token_type":"Bearer"}""")]
    [InlineData(200, """{"access_token":"a\r\nX-Other: b"}""")]
    public async Task Without_a_token_nothing_is_asked_and_nobodys_request_fails(int status, string body)
    {
        provider.ResetMappings();
        provider.Given(Request.Create()).RespondWith(Response.Create().WithStatusCode(status).WithBody(body));
        var services = new ServiceCollection();
        services.AddLogging();
        Services.AddTerminology(services, new TerminologySettings(terms.Url!, TerminologySettings.Usual, TimeSpan.FromSeconds(20), TimeSpan.FromHours(1), Settings));
        var asked = services.BuildServiceProvider().GetRequiredService<TerminologyServer>().For("trust");
        var question = CodeQuestion.LookUp(StubTerminology.Snomed, StubTerminology.Depression);
        asked.Ask(question);
        await asked.Fetch(default);
        Assert.Equal(Heard.Nothing, asked.Ask(question)!.Heard);
        Assert.Single(provider.LogEntries);
        Assert.Empty(terms.LogEntries);
    }

    [Fact]
    public async Task A_terminology_server_is_asked_with_a_token()
    {
        using var stub = new StubTerminology();
        var services = new ServiceCollection();
        services.AddLogging();
        Services.AddTerminology(services, new TerminologySettings(stub.Address, TerminologySettings.Usual, TimeSpan.FromSeconds(20), TimeSpan.FromHours(1), Settings));
        var asked = services.BuildServiceProvider().GetRequiredService<TerminologyServer>().For("trust");
        var question = CodeQuestion.LookUp(StubTerminology.Snomed, StubTerminology.Depression);
        asked.Ask(question);
        await asked.Fetch(default);
        Assert.Equal(Heard.Answered, asked.Ask(question)!.Heard);
        Assert.Equal("Bearer one", Assert.Single(stub.Asked).RequestMessage!.Headers!["Authorization"].Single());
    }

    [Fact]
    public void The_settings_do_not_print_the_secret() => Assert.DoesNotContain(Secret, $"{Settings}", StringComparison.Ordinal);
}
