using System.Net;
using Hl7.Fhir.Model;
using Hl7.Fhir.Rest;
using Task = System.Threading.Tasks.Task;

namespace FhirCarePlan.Client.Tests;

/// <summary>Tokens and retries: what is sent again, and what is not.</summary>
public class HandlerTests
{
    private const string Patient = """{"resourceType":"Patient","id":"p","meta":{"versionId":"1"}}""";

    [Theory]
    [InlineData("GET", 429, true)]
    [InlineData("GET", 503, true)]
    [InlineData("GET", 502, true)]
    [InlineData("GET", 500, false)]
    [InlineData("GET", 404, false)]
    [InlineData("POST", 429, true)]
    [InlineData("POST", 503, false)]
    [InlineData("PUT", 504, false)]
    [InlineData("PUT", 429, true)]
    public async Task Only_what_is_safe_is_sent_again(string method, int status, bool again)
    {
        using var given = new Given(_ => Answer((HttpStatusCode)status), _ => Answer(HttpStatusCode.OK, Patient));
        var failure = await Record.ExceptionAsync(() => given.Send(method));
        Assert.Equal(again ? 2 : 1, given.Requests.Count);
        Assert.Equal(again, failure is null);
        if (method != "GET") Assert.All(given.Bodies, b => Assert.Contains("Patient", b, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_broken_connection_is_tried_again_for_a_read_only()
    {
        using var read = new Given(_ => throw new HttpRequestException("broken"), _ => Answer(HttpStatusCode.OK, Patient));
        await read.Send("GET");
        using var write = new Given(_ => throw new HttpRequestException("broken"), _ => Answer(HttpStatusCode.OK, Patient));
        Assert.NotNull(await Record.ExceptionAsync(() => write.Send("POST")));
        Assert.Equal((2, 1), (read.Requests.Count, write.Requests.Count));
    }

    [Fact]
    public async Task It_waits_as_long_as_the_server_says_and_gives_up_when_that_is_long()
    {
        using var given = new Given(_ => After(7), _ => Answer(HttpStatusCode.OK, Patient));
        await given.Send("GET");
        Assert.Equal([TimeSpan.FromSeconds(7)], given.Clock.Waits);

        using var late = new Given(_ => After(3600), _ => Answer(HttpStatusCode.OK, Patient));
        Assert.NotNull(await Record.ExceptionAsync(() => late.Send("GET")));
        Assert.Empty(late.Clock.Waits);
    }

    [Fact]
    public async Task It_gives_up_after_four_times()
    {
        using var given = new Given(_ => Answer(HttpStatusCode.TooManyRequests));
        Assert.NotNull(await Record.ExceptionAsync(() => given.Send("GET")));
        Assert.Equal(4, given.Requests.Count);
        Assert.Equal([250, 500, 1000], given.Clock.Waits.Select(w => w.TotalMilliseconds));
    }

    [Fact]
    public async Task A_refused_token_is_replaced_once()
    {
        using var given = new Given(_ => Answer(HttpStatusCode.Unauthorized), _ => Answer(HttpStatusCode.OK, Patient));
        await given.Send("POST");
        Assert.Equal(["token-1", "token-2"], given.Requests);

        using var never = new Given(_ => Answer(HttpStatusCode.Unauthorized));
        Assert.NotNull(await Record.ExceptionAsync(() => never.Send("POST")));
        Assert.Equal(2, never.Requests.Count);
    }

    [Fact]
    public async Task A_token_is_kept_until_shortly_before_it_ends()
    {
        var asked = new List<string>();
        var clock = new StillClock();
        using var tokens = new ClientCredentials(new Uri("https://login.example/token"), "us", "secret", Purpose.DirectCare,
            new Way(async (request, _) =>
        {
            asked.Add(await request.Content!.ReadAsStringAsync());
            return Answer(HttpStatusCode.OK, $$"""{"access_token":"t{{asked.Count}}","expires_in":300}""");
        }), clock);
        Assert.Equal("t1", await tokens.Get(null, default));
        clock.Now += TimeSpan.FromSeconds(269);
        Assert.Equal("t1", await tokens.Get(null, default));
        Assert.Equal("t2", await tokens.Get("t1", default));
        clock.Now += TimeSpan.FromSeconds(270);
        Assert.Equal("t3", await tokens.Get(null, default));
        Assert.All(asked,
            form => Assert.Equal("grant_type=client_credentials&client_id=us&client_secret=secret&purpose=direct-care", form));
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, string body = "") =>
        new(status) { Content = new StringContent(body, null, body.Length == 0 ? "text/plain" : "application/fhir+json") };

    private static HttpResponseMessage After(int seconds)
    {
        var answer = Answer(HttpStatusCode.TooManyRequests);
        answer.Headers.RetryAfter = new(TimeSpan.FromSeconds(seconds));
        return answer;
    }

    private sealed class Way(Func<HttpRequestMessage, int, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        private int count;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            answer(request, count++);
    }

    /// <summary>Stands still, and lets nobody wait: a pause ends at once and is noted.</summary>
    private sealed class StillClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        public List<TimeSpan> Waits { get; } = [];

        public override DateTimeOffset GetUtcNow() => Now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime > TimeSpan.Zero) Waits.Add(dueTime);
            return base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? TimeSpan.Zero : dueTime, period);
        }
    }

    private sealed class Given : IDisposable, ITokenSource
    {
        private readonly CpaClient client;
        private int tokens;

        /// <summary>Answers to the first request, the second …; the last one for all that follow.</summary>
        public Given(params Func<HttpRequestMessage, HttpResponseMessage>[] answers) =>
            client = new CpaClient(new Uri("https://care.example/fhir"), this, new Way(async (request, count) =>
            {
                Requests.Add(request.Headers.Authorization!.Parameter!);
                Bodies.Add(request.Content is null ? "" : await request.Content.ReadAsStringAsync());
                return answers[Math.Min(count, answers.Length - 1)](request);
            }), clock: Clock);

        /// <summary>The token of each request.</summary>
        public List<string> Requests { get; } = [];
        public List<string> Bodies { get; } = [];
        public StillClock Clock { get; } = new();

        public Task Send(string method)
        {
            var patient = new Patient { Id = "p", Meta = new() { VersionId = "1" } };
            return method switch
            {
                "GET" => client.Read<Patient>("p"),
                "POST" => client.Create(new Patient()),
                _ => client.Fhir.UpdateAsync(patient, versionAware: true),
            };
        }

        ValueTask<string> ITokenSource.Get(string? refused, CancellationToken cancel)
        {
            if (refused != null || tokens == 0) tokens++;
            return ValueTask.FromResult($"token-{tokens}");
        }

        public void Dispose() => client.Dispose();
    }
}
