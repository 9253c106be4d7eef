using System.Text;
using FhirCarePlan.Server.Settings;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;

namespace FhirCarePlan.Server.Tests.Authentication;

/// <summary>The provider is asked whether a token is still good; without its word nothing is. https://www.rfc-editor.org/rfc/rfc7662</summary>
public sealed class IntrospectionTests : IDisposable
{
    private readonly StubAuthority provider = new();

    public IntrospectionTests()
    {
        provider.More["introspection_endpoint"] = $"{provider.Authority}/introspect";
        provider.Map();
        Says("""{"active":true}""");
    }

    public void Dispose() => provider.Dispose();

    private Task<Guarded> Server(double cache = 0.2, string? address = null) => Guarded.By(new()
    {
        Authority = provider.Authority, Audience = StubAuthority.Audience, ProviderTimeout = TimeSpan.FromSeconds(3),
        Introspection = new(address, "care plan", "s:cret", TimeSpan.FromSeconds(cache)),
    });

    private void Says(string body, int status = 200) => Says(Response.Create().WithStatusCode(status).WithBody(body));

    private void Says(IResponseBuilder how) => provider.Server.Given(Request.Create().WithPath("/introspect").UsingPost()).AtPriority(1).WithGuid(Id).RespondWith(how);

    private static readonly Guid Id = Guid.NewGuid();

    [Fact]
    public async Task A_token_that_is_withdrawn_is_refused_once_the_last_answer_is_old()
    {
        await using var server = await Server();
        var token = provider.Token();
        Assert.Equal(200, (await server.Who(token)).Status);
        Says("""{"active":false}""");
        Assert.Contains("withdrawn", (await server.Until(401, token)).Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_asked_as_the_client_of_the_settings_and_answers_are_remembered_for_a_while()
    {
        await using var server = await Server(cache: 60);
        var (good, other) = (provider.Token(), provider.Token());
        for (var i = 0; i < 5; i++) Assert.Equal(200, (await server.Who(good)).Status);
        Assert.Equal(1, provider.Asked("/introspect"));
        Says("""{"active":false}""");
        for (var i = 0; i < 5; i++) await server.Refuses(other, "withdrawn");
        Assert.Equal(2, provider.Asked("/introspect"));
        var asked = provider.Server.LogEntries.Last(e => e.RequestMessage!.Path == "/introspect").RequestMessage!;
        Assert.Equal($"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes("care%20plan:s%3Acret"))}", asked.Headers!["Authorization"].Single());
        Assert.Contains($"token={other}", asked.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", 200)]
    [InlineData("""{"active":"true"}""", 200)]
    [InlineData("[]", 200)]
    [InlineData("<html/>", 200)]
    [InlineData("""{"active":true}""", 500)]
    [InlineData("""{"active":true}""", 401)]
    public async Task Without_a_clear_answer_no_token_is_accepted(string body, int status)
    {
        Says(body, status);
        await using var server = await Server();
        var told = await server.Who(provider.Token());
        Assert.Equal((503, 10), (told.Status, told.RetryAfter));
        Says("""{"active":true}""");
        Assert.Equal(200, (await server.Until(200, provider.Token())).Status);
    }

    [Fact]
    public async Task One_that_is_slow_or_away_or_not_offered_is_503()
    {
        Says(Response.Create().WithStatusCode(200).WithBody("""{"active":true}""").WithDelay(TimeSpan.FromMinutes(5)));
        await using var slow = await Server();
        Assert.Equal(503, (await slow.Who(provider.Token())).Status);
        await using var away = await Server(address: "http://127.0.0.1:9/introspect");
        Assert.Equal(503, (await away.Who(provider.Token())).Status);
        provider.More.Clear();
        provider.Map();
        await using var lacking = await Server();
        Assert.Equal(503, (await lacking.Who(provider.Token())).Status);
    }

    /// <summary>Only what would be accepted is asked about: the provider hears nothing of others' tokens.</summary>
    [Fact]
    public async Task Bad_tokens_are_not_asked_about()
    {
        await using var server = await Server();
        await server.Refuses(provider.Token(new() { ["aud"] = "https://other.example" }), "another audience");
        Assert.Equal(0, provider.Asked("/introspect"));
    }
}
