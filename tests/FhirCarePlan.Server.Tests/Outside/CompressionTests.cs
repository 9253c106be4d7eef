using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>Answers and bodies packed with gzip and brotli. https://www.rfc-editor.org/rfc/rfc9110#section-8.4, src/docs/decisions.md#compression</summary>
public class CompressionTests(SampleServer samples) : IClassFixture<SampleServer>
{
    private const string Url = "Condition?_count=20";

    private static async Task<(HttpResponseMessage Answer, byte[] Body)> Ask(HttpClient client, string method, string url, params string[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), url);
        foreach (var header in headers) request.Headers.TryAddWithoutValidation(header.Split(": ")[0], header.Split(": ")[1]);
        var answer = await client.SendAsync(request);
        return (answer, await answer.Content.ReadAsByteArrayAsync());
    }

    private static string Unpacked(byte[] body, string? encoding)
    {
        using var packed = new MemoryStream(body);
        using Stream stream = encoding switch { "gzip" => new GZipStream(packed, CompressionMode.Decompress), "br" => new BrotliStream(packed, CompressionMode.Decompress), _ => packed };
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static byte[] Packed(string text, string encoding)
    {
        var packed = new MemoryStream();
        using (Stream stream = encoding == "br" ? new BrotliStream(packed, CompressionLevel.Optimal) : new GZipStream(packed, CompressionLevel.Optimal))
            stream.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("identity", null)]
    [InlineData("gzip", "gzip")]
    [InlineData("x-gzip", "gzip")]
    [InlineData("br", "br")]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("br;q=0.2, gzip;q=0.9", "gzip")]
    [InlineData("gzip;q=0, br;q=0", null)]
    [InlineData("gzip;q=0.1, identity;q=0.5", null)]
    [InlineData("*", "br")]
    [InlineData("*, br;q=0", "gzip")]
    [InlineData("deflate, zstd", null)]
    public async Task An_answer_is_packed_as_the_client_prefers(string? accepts, string? encoding)
    {
        var client = await samples.Process.As("care-coordinator");
        var plain = await client.Get(Url);
        foreach (var format in (string[])["json", "xml"])
        {
            var (answer, body) = await Ask(client, "GET", $"{Url}&_format={format}", accepts is null ? [] : [$"Accept-Encoding: {accepts}"]);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(encoding, answer.Content.Headers.ContentEncoding.SingleOrDefault());
            Assert.Equal(body.Length, answer.Content.Headers.ContentLength);
            Assert.Contains("Accept-Encoding", string.Join(',', answer.Headers.Vary));
            if (format == "json") Assert.Equal(plain.Body.Replace("\"}]", "", StringComparison.Ordinal).Length, Unpacked(body, encoding).Replace("&_format=json", "", StringComparison.Ordinal).Replace("\"}]", "", StringComparison.Ordinal).Length);
            if (encoding != null) Assert.InRange(body.Length, 1, plain.Body.Length / 3);
        }
    }

    [Fact]
    public async Task HEAD_has_the_headers_of_the_packed_answer()
    {
        var client = await samples.Process.As("care-coordinator");
        var (get, _) = await Ask(client, "GET", "CarePlan/robin-plan", "Accept-Encoding: gzip");
        var (head, nothing) = await Ask(client, "HEAD", "CarePlan/robin-plan", "Accept-Encoding: gzip");
        Assert.Empty(nothing);
        Assert.Equal(("gzip", get.Content.Headers.ContentLength, get.Headers.ETag), (head.Content.Headers.ContentEncoding.Single(), head.Content.Headers.ContentLength, head.Headers.ETag));
    }

    /// <summary>The length of a packed answer tells what its parts have in common: a page of another origin gets none.</summary>
    [Fact]
    public async Task What_is_small_or_goes_to_a_page_of_another_origin_is_not_packed()
    {
        var client = await samples.Process.As("care-coordinator");
        Assert.Empty((await Ask(client, "GET", "Condition/never-was-one", "Accept-Encoding: gzip")).Answer.Content.Headers.ContentEncoding);
        Assert.Empty((await Ask(client, "GET", Url, "Accept-Encoding: gzip", "Origin: https://elsewhere.example")).Answer.Content.Headers.ContentEncoding);
        var own = client.BaseAddress!.GetLeftPart(UriPartial.Authority);
        Assert.NotEmpty((await Ask(client, "GET", Url, "Accept-Encoding: gzip", $"Origin: {own}")).Answer.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task A_setting_switches_it_off()
    {
        await using var server = await ServerProcess.Start(new Dictionary<string, string> { ["Server:Compression"] = "Off" });
        Assert.Empty((await Ask(await server.As("care-coordinator"), "GET", Url, "Accept-Encoding: gzip")).Answer.Content.Headers.ContentEncoding);
    }

    private const string Goal = """{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"Walk each day"},"subject":{"reference":"Patient/robin"}}""";

    private static async Task<(int Status, string Body, string? Reads)> Post(HttpClient client, string url, byte[] body, string encoding, string type = Wire.Fhir)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        using var answer = await client.PostAsync(url, content);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.TryGetValues("Accept-Encoding", out var reads) ? string.Join(", ", reads) : null);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("br")]
    [InlineData("BR")]
    public async Task A_packed_body_is_read(string encoding)
    {
        var client = await samples.Process.As("care-coordinator");
        var kind = encoding.ToLowerInvariant() is "br" ? "br" : "gzip";
        Assert.Equal(201, (await Post(client, "Goal", Packed(Goal, kind), encoding)).Status);
        var found = await Post(client, "Goal/_search", Packed("_summary=count", kind), encoding, "application/x-www-form-urlencoded");
        Assert.Equal(200, found.Status);
        Assert.Contains("\"total\"", found.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip", 400)]
    [InlineData("br", 400)]
    [InlineData("deflate", 415)]
    [InlineData("zstd", 415)]
    [InlineData("gzip, br", 415)]
    public async Task What_is_not_packed_as_it_says_is_refused(string encoding, int status)
    {
        var (answered, body, reads) = await Post(await samples.Process.As("care-coordinator"), "Goal", Encoding.UTF8.GetBytes(Goal), encoding);
        Assert.Equal(status, answered);
        Assert.Contains("OperationOutcome", body, StringComparison.Ordinal);
        Assert.Equal(status == 415 ? "br, gzip" : null, reads);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_body_that_ends_early_is_refused(string encoding)
    {
        var client = await samples.Process.As("care-coordinator");
        var whole = Packed(Goal, encoding);
        Assert.Equal(400, (await Post(client, "Goal", whole[..(whole.Length / 2)], encoding)).Status);
    }

    /// <summary>A gigabyte of nothing in a few kilobytes: no more of it is unpacked than a body may have.</summary>
    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_bomb_is_refused_as_a_body_that_is_too_large(string encoding)
    {
        var client = await samples.Process.As("care-coordinator");
        var packed = new MemoryStream();
        using (Stream stream = encoding == "br" ? new BrotliStream(packed, CompressionLevel.Fastest, true) : new GZipStream(packed, CompressionLevel.Fastest, true))
            for (var i = 0; i < 256; i++) stream.Write(new byte[1 << 20]);
        var (status, body, _) = await Post(client, "Goal", packed.ToArray(), encoding);
        Assert.Equal(413, status);
        Assert.Contains("larger than 4194304 bytes", body, StringComparison.Ordinal);
    }
}
