namespace FhirCarePlan.Server.Tests.Http;

/// <summary>Pages of other origins: none may call the server unless the settings name it. https://fetch.spec.whatwg.org/#http-cors-protocol</summary>
public class CrossOriginTests
{
    private const string App = "https://app.example", Other = "https://other.example";

    private static async Task<HttpResponseMessage> Ask(HttpClient client, string method, string url, params string[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), url);
        foreach (var header in headers) request.Headers.TryAddWithoutValidation(header.Split(": ")[0], header.Split(": ")[1]);
        return await client.SendAsync(request);
    }

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    [Fact]
    public async Task Without_the_setting_no_answer_speaks_of_origins()
    {
        await using var server = await ServerProcess.Start();
        var client = await server.As("gp");
        foreach (var method in (string[])["GET", "OPTIONS"])
            Assert.DoesNotContain((await Ask(client, method, "Patient/robin", $"Origin: {App}", "Access-Control-Request-Method: GET")).Headers, h => h.Key.StartsWith("Access-Control", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_page_that_the_settings_name_may_call_and_read_the_headers_that_it_needs()
    {
        await using var server = await ServerProcess.Start(new Dictionary<string, string> { ["Cors:Origins"] = $"{App}, http://localhost:3000" });
        var client = await server.As("gp");
        foreach (var url in (string[])["Patient/robin", "Patient/never-was-one", "Patient?nonsense=1", "metadata"])
        {
            var answer = await Ask(client, "GET", url, $"Origin: {App}");
            Assert.Equal(App, Header(answer, "Access-Control-Allow-Origin"));
            Assert.Null(Header(answer, "Access-Control-Allow-Credentials"));
            foreach (var name in (string[])["ETag", "Location", "Last-Modified", "X-Correlation-Id", "Retry-After"])
                Assert.Contains(name, Header(answer, "Access-Control-Expose-Headers")!.Split(','));
            Assert.Contains("Origin", string.Join(",", answer.Headers.Vary));
            Assert.Null(Header(await Ask(client, "GET", url, $"Origin: {Other}"), "Access-Control-Allow-Origin"));
        }
        // What a browser asks before: it has no token.
        var before = await Ask(server.Anonymous, "OPTIONS", "fhir/CarePlan/robin-plan", $"Origin: {App}", "Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: authorization,content-type,if-match");
        Assert.Equal((204, App), ((int)before.StatusCode, Header(before, "Access-Control-Allow-Origin")));
        Assert.Contains("PUT", Header(before, "Access-Control-Allow-Methods")!, StringComparison.Ordinal);
        Assert.Contains("if-match", Header(before, "Access-Control-Allow-Headers")!, StringComparison.OrdinalIgnoreCase);
        Assert.Null(Header(await Ask(server.Anonymous, "OPTIONS", "fhir/CarePlan/robin-plan", $"Origin: {Other}", "Access-Control-Request-Method: PUT"), "Access-Control-Allow-Origin"));
        // A refusal for want of a token can be read, too.
        Assert.Equal((401, App), (await Ask(server.Anonymous, "GET", "fhir/Patient/robin", $"Origin: {App}") is var refused ? (int)refused.StatusCode : 0, Header(refused, "Access-Control-Allow-Origin")));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("https://app.example/")]
    [InlineData("https://app.example/path")]
    [InlineData("http://app.example")]
    [InlineData("app.example")]
    [InlineData("null")]
    public async Task What_is_no_origin_or_all_of_them_stops_the_start(string origin)
    {
        var (code, _, error) = await ServerProcess.RunToEnd(new Dictionary<string, string> { ["Cors:Origins"] = origin }, "Development");
        Assert.Equal(1, code);
        Assert.Contains("Setting Cors:Origins has", error, StringComparison.Ordinal);
    }
}
