using System.Net.Sockets;
using System.Text;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>Attacks on the readers, sent as an attacker sends them: refused in FHIR's words, and the server goes on.</summary>
public class HostileFormatTests(SampleServer samples) : IClassFixture<SampleServer>
{
    private const string Xml = "application/fhir+xml";
    private ServerProcess Server => samples.Process;

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Goal(string inside = "", string before = "") =>
        $"{before}<Goal xmlns=\"http://hl7.org/fhir\">{inside}<lifecycleStatus value=\"active\"/><description><text value=\"x\"/></description><subject><reference value=\"Patient/robin\"/></subject></Goal>";

    [Theory]
    [InlineData("<!DOCTYPE Goal [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>", 400, "document type")]
    [InlineData("<!DOCTYPE Goal [<!ENTITY a \"aaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>", 400, "document type")]
    [InlineData("<?xml version=\"1.0\" encoding=\"UTF-16\"?>", 400, "send UTF-8")]
    [InlineData("\u0001", 400, "not well-formed XML")]
    public async Task In_front_of_the_resource(string before, int status, string said)
    {
        var client = await Server.As("care-coordinator");
        foreach (var url in new[] { "Goal", "Goal/$validate", "" })
        {
            var answer = await client.Send("POST", url, Bytes(Goal(before: before)), Xml);
            Assert.Equal(status, answer.Status);
            Assert.Contains(said, answer.Said, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("<div xmlns=\"http://www.w3.org/1999/xhtml\"><script>alert(1)</script></div>", 422, "`script` is not allowed")]
    [InlineData("<div xmlns=\"http://www.w3.org/1999/xhtml\">&x;</div>", 400, "not well-formed XML")]
    [InlineData("<div><p>x</p></div>", 422, "namespace")]
    public async Task In_the_narrative(string div, int status, string said)
    {
        var answer = await (await Server.As("care-coordinator"))
            .Send("POST", "Goal", Bytes(Goal($"<text><status value=\"generated\"/>{div}</text>")), Xml);
        Assert.Equal(status, answer.Status);
        Assert.Contains(said, answer.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Depth_width_and_encodings()
    {
        var client = await Server.As("care-coordinator");
        string Many(string what, int times) => string.Concat(Enumerable.Repeat(what, times));
        byte[][] bodies =
        [
            Bytes(Goal(Many("<extension url=\"x\">", 100_000))), Bytes(Many("<a>", 1_000_000)), Bytes(Goal(Many("<x/>", 500_000))),
                Bytes(Goal($"<id value=\"{new string('x', 3 << 20)}\"/>")),
            Bytes($"<Goal xmlns=\"http://hl7.org/fhir\" {string.Join(' ', Enumerable.Range(0, 200_000).Select(i => $"a{i}=\"\""))}/>"),
            Encoding.Unicode.GetBytes(Goal()), Encoding.UTF32.GetBytes(Goal()), [.. Bytes(Goal()[..^9]), 0xff, .. Bytes(Goal()[^9..])], [],
                [0], [0xef, 0xbb, 0xbf], Bytes("\ufeff{\"resourceType\":\"Goal\"}"),
        ];
        foreach (var body in bodies)
            foreach (var url in new[] { "", "Goal", "Goal/$validate" })
            {
                var answer = await client.Send("POST", url, body, Xml);
                Assert.True(answer.Status is 400 or 422 || url.EndsWith("$validate", StringComparison.Ordinal)
                    && answer.Status == 200, $"{url}: {answer.Status} for {Encoding.UTF8.GetString(body[..Math.Min(60, body.Length)])}");
                Assert.Contains(answer.Json["issue"]!.AsArray(), i => (string?)i!["severity"] is "error" or "fatal");
                Assert.True(answer.Body.Length < 200_000);
            }
        Assert.Equal(201, (await client.Send("POST", "Goal", Bytes("\ufeff" + Goal()), Xml)).Status);
    }

    // ---- what a Content-Length says ------------------------------------------------------------------------------------------

    [Theory]
    [InlineData("Content-Length: 99999999999", 413)]
    [InlineData("Content-Length: 67108865", 413)]
    [InlineData("Content-Length: 5000000", 413)]
    public async Task A_length_beyond_the_limit_is_413_before_the_body_is_sent(string header, int status)
    {
        var answer = await Raw("POST", header, "{", closes: false);
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Contains("\"resourceType\":\"OperationOutcome\"", answer, StringComparison.Ordinal);
    }

    /// <summary>Who stops in the middle has hung up: the web server closes, and nothing is stored.</summary>
    [Fact]
    public async Task A_body_that_ends_before_its_length_is_not_taken()
    {
        var client = await Server.As("care-coordinator");
        async Task<string> Goals() => (await client.Send("GET", "Goal?_summary=count")).Json["total"]!.ToJsonString();
        var before = await Goals();
        Assert.Equal("",
            await Raw("POST", "Content-Length: 5000",
            "{\"resourceType\":\"Goal\",\"lifecycleStatus\":\"active\",\"description\":{\"text\":\"x\"},\"subject\":{\"reference\":\"Patient/robin\"}}", closes: true));
        Assert.Equal(before, await Goals());
    }

    /// <summary>The web server itself answers these, before there is a request that FHIR could answer.</summary>
    [Theory]
    [InlineData("Content-Length: -1")]
    [InlineData("Content-Length: x")]
    [InlineData("Content-Length: 99999999999999999999999999")]
    [InlineData("Content-Length: 1\r\nContent-Length: 2")]
    public async Task A_length_that_is_none_is_400(string header) =>
        Assert.StartsWith("HTTP/1.1 400 ", await Raw("POST", header, "{}", closes: false), StringComparison.Ordinal);

    [Fact]
    public async Task Chunks_without_end_are_413()
    {
        var chunk = $"{1 << 20:x}\r\n{new string(' ', 1 << 20)}\r\n";
        var answer = await Raw("POST", "Transfer-Encoding: chunked", string.Concat(Enumerable.Repeat(chunk, 6)), closes: false);
        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"resourceType\":\"OperationOutcome\"", answer, StringComparison.Ordinal);
    }

    private async Task<string> Raw(string method, string header, string body, bool closes)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(Server.Address.Host, Server.Address.Port);
        var stream = socket.GetStream();
        var head =
            $"{method} /fhir/Goal HTTP/1.1\r\nHost: {Server.Address.Authority}\r\nAuthorization: Bearer {await Server.Token("care-coordinator")}\r\nContent-Type: application/fhir+json\r\nConnection: close\r\n{header}\r\n\r\n";
        try
        {
            await stream.WriteAsync(Bytes(head + body));
        }
        catch (IOException)
        {
            // Answered and closed before all was sent.
        }
        if (closes) socket.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream);
        var answer = new StringBuilder();
        var buffer = new char[4096];
        try
        {
            // After a refusal the server waits some seconds for the rest of the body, so that the sender can read the answer.
            while (!answer.ToString().EndsWith("]}", StringComparison.Ordinal) && await reader.ReadAsync(buffer) is > 0 and var read)
                answer.Append(buffer, 0, read);
        }
        catch (IOException)
        {
            // The rest of the body was never taken.
        }
        return answer.ToString();
    }
}
