using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>What a Binary holds goes in and comes out as it is. https://hl7.org/fhir/R4/binary.html#rest</summary>
public class BinaryTests(OneOrganisation organisation) : IClassFixture<OneOrganisation>
{
    private static readonly byte[] Scan = [0x25, 0x50, 0x44, 0x46, 0, 1, 2, 254, 255];

    private HttpClient Client => organisation.Client;

    private async Task<string> Made(byte[] content, string? type)
    {
        var made = await Client.Send("POST", "Binary", content, type);
        Assert.True(made.Status == 201, made.Body);
        return (string)made.Json["id"]!;
    }

    private async Task<(HttpResponseMessage Answer, byte[] Bytes)> Get(string url, string? accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (accept != null) request.Headers.TryAddWithoutValidation("Accept", accept);
        var answer = await Client.SendAsync(request);
        return (answer, await answer.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("application/pdf", "gzip")]
    [InlineData("application/pdf", "br")]
    [InlineData("application/json", "gzip")]
    public async Task Packed_content_is_refused_because_it_might_be_cut(string type, string encoding)
    {
        using var packed = new MemoryStream();
        using (Stream pack = encoding == "br" ? new System.IO.Compression.BrotliStream(packed, System.IO.Compression.CompressionLevel.Fastest, true)
            : new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest, true)) pack.Write(RandomNumberGenerator.GetBytes(20_000));
        Assert.Equal(415, (await Client.Send("POST", "Binary", packed.ToArray()[..15_000], type, $"Content-Encoding: {encoding}")).Status);
    }

    [Theory]
    [InlineData("QR==", "A")]
    [InlineData("QUJ=", "AB")]
    [InlineData("QUJD", "ABC")]
    public async Task Unused_bits_of_base64_do_not_matter(string base64, string content)
    {
        var made = await Client.Send("POST", "Binary", Encoding.UTF8.GetBytes($$"""{"resourceType":"Binary","contentType":"text/plain","data":"{{base64}}"}"""));
        Assert.Equal(201, made.Status);
        Assert.Equal(content, Encoding.UTF8.GetString((await Get($"Binary/{made.Json["id"]}", "text/plain")).Bytes));
    }

    [Theory]
    [InlineData("application/pdf", 9)]
    [InlineData("image/png", 0)]
    [InlineData("text/plain; charset=iso-8859-1", 1)]
    [InlineData("application/vnd.ms-excel", 49_151)]
    [InlineData("application/octet-stream", 49_152)]
    [InlineData("multipart/mixed; boundary=x", 49_153)]
    [InlineData("application/zip", 3_000_001)]
    public async Task Comes_back_byte_for_byte(string type, int length)
    {
        var content = RandomNumberGenerator.GetBytes(length);
        var id = await Made(content, type);
        foreach (var accept in (string?[])[null, "*/*", type.Split(';')[0], "image/*", "text/html,application/xml;q=0.9,*/*;q=0.8"])
        {
            var (answer, bytes) = await Get($"Binary/{id}", accept);
            Assert.Equal(200, (int)answer.StatusCode);
            Assert.Equal(content, bytes);
            Assert.Equal(type, answer.Content.Headers.ContentType!.ToString());
            Assert.Equal(length, answer.Content.Headers.ContentLength);
        }
        foreach (var accept in (string[])["application/fhir+json", "application/json", "application/fhir+json, */*;q=0.1"])
        {
            var (answer, bytes) = await Get($"Binary/{id}", accept);
            var binary = Wire.Json(Encoding.UTF8.GetString(bytes));
            Assert.Equal(("Binary", type, length == 0), ((string)binary["resourceType"]!, (string)binary["contentType"]!, binary["data"] is null));
            Assert.Equal(content, Convert.FromBase64String((string?)binary["data"] ?? ""));
        }
        var version = (await Client.Send("GET", $"Binary/{id}?_format=json")).Json["meta"]!["versionId"];
        Assert.Equal(content, (await Get($"Binary/{id}/_history/{version}", "*/*")).Bytes);
    }

    [Fact]
    public async Task A_browser_saves_it_and_runs_nothing()
    {
        var id = await Made("<script>alert(1)</script>"u8.ToArray(), "text/html");
        var (answer, _) = await Get($"Binary/{id}", "text/html,*/*;q=0.8");
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.ToString());
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Contains("sandbox", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal("private, no-store", answer.Headers.CacheControl!.ToString().Replace("no-store, private", "private, no-store", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("text/*")]
    [InlineData("a/b\\u000d\\u000aX-Evil: 1")]
    [InlineData("text/\u017elut\u00e1")]
    public async Task A_type_that_cannot_be_a_header_is_a_stream_of_bytes(string type)
    {
        var made = await Client.Send("POST", "Binary", Encoding.UTF8.GetBytes($$"""{"resourceType":"Binary","contentType":"{{type}}","data":"AAAA"}"""));
        if (made.Status != 201) return; // refused is as well
        var (answer, bytes) = await Get($"Binary/{(string)made.Json["id"]!}", "*/*");
        Assert.Equal(("application/octet-stream", 3), (answer.Content.Headers.ContentType!.ToString(), bytes.Length));
        Assert.False(answer.Headers.Contains("X-Evil"));
    }

    [Theory]
    [InlineData("application/json", "application/json", true)]
    [InlineData("application/json", "application/xml", false)]
    [InlineData("application/xml", "application/xml, application/json", true)]
    [InlineData("application/pdf", "application/json", false)]
    [InlineData("application/fhir+json", "application/fhir+json", false)]
    public async Task Who_asks_for_json_or_xml_gets_the_content_where_it_is_that(string type, string accept, bool isContent)
    {
        var id = await Made("""{"x":1}"""u8.ToArray(), type);
        Assert.Equal(isContent, Encoding.UTF8.GetString((await Get($"Binary/{id}", accept)).Bytes) == """{"x":1}""");
    }

    [Theory]
    [InlineData("application/fhir+json", """{"resourceType":"Patient"}""", true)]
    [InlineData("application/fhir+xml", "<Patient xmlns='http://hl7.org/fhir'/>", true)]
    [InlineData("application/json", "[1,2", true)]
    [InlineData("text/xml", "<a><b></a>", true)]
    [InlineData("application/fhir+json", """{"contentType":"text/plain","resourceType":"Binary"}""", false)]
    [InlineData("application/xml", "<?xml version='1.0'?><Binary xmlns='http://hl7.org/fhir'><contentType value='text/plain'/></Binary>", false)]
    public async Task A_body_of_fhir_is_content_too_unless_it_is_a_Binary(string type, string body, bool isContent)
    {
        var made = await Client.Send("POST", "Binary", Encoding.UTF8.GetBytes(body), type);
        Assert.True(made.Status == 201, made.Body);
        Assert.Equal(isContent ? type : "text/plain", (string?)made.Json["contentType"]);
        if (isContent) Assert.Equal(body, Encoding.UTF8.GetString(Convert.FromBase64String((string)made.Json["data"]!)));
    }

    [Theory]
    [InlineData("application/fhir+json", """{"resourceType":"Binary",""", 400)]
    [InlineData("application/fhir+json", """{"resourceType":"Binary","nonsense":1}""", 422)]
    [InlineData("nonsense", "x", 415)]
    [InlineData("*/*", "x", 415)]
    public async Task What_is_neither_is_refused(string type, string body, int status) =>
        Assert.Equal(status, (await Client.Send("POST", "Binary", Encoding.UTF8.GetBytes(body), type)).Status);

    [Fact]
    public async Task Is_replaced_by_a_put_and_its_context_comes_back()
    {
        Assert.Equal(201, (await Client.Send("PUT", "Binary/scan-1", Scan, "application/pdf", "X-Security-Context: Patient/one")).Status);
        var changed = await Client.Send("PUT", "Binary/scan-1", [1, 2], "image/png", "X-Security-Context: Patient/one");
        Assert.Equal((200, "Patient/one"), (changed.Status, (string?)changed.Json["securityContext"]!["reference"]));
        var (answer, bytes) = await Get("Binary/scan-1", "image/png");
        Assert.Equal((2, "Patient/one", true), (bytes.Length, Assert.Single(answer.Headers.GetValues("X-Security-Context")), answer.Headers.ETag != null));
    }

    [Theory]
    [InlineData("application/pdf", "x", "X-Security-Context: ")]
    [InlineData("application/fhir+json", """{"resourceType":"Binary","contentType":"text/plain"}""", "X-Security-Context: Patient/1")]
    public async Task A_context_that_is_unclear_is_refused(string type, string body, string header) =>
        Assert.Equal(400, (await Client.Send("POST", "Binary", Encoding.UTF8.GetBytes(body), type, header)).Status);

    [Fact]
    public async Task Twenty_megabytes_go_in_and_come_out_and_more_do_not()
    {
        var content = RandomNumberGenerator.GetBytes(20 << 20);
        using var request = new HttpRequestMessage(HttpMethod.Post, "Binary") { Content = new ByteArrayContent(content) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("video/mp4");
        request.Headers.TryAddWithoutValidation("Prefer", "return=minimal");
        using var made = await Client.SendAsync(request);
        Assert.Equal(201, (int)made.StatusCode);
        Assert.Equal(content, (await Get(made.Headers.Location!.ToString().Split("/_history")[0], "*/*")).Bytes);
        Assert.Equal(413, (await Client.Send("POST", "Binary", new byte[(21 << 20) + 1], "video/mp4")).Status);
    }

    [Fact]
    public async Task A_head_says_how_long_it_is()
    {
        var id = await Made(Scan, "application/pdf");
        var head = await Client.Send("HEAD", $"Binary/{id}");
        Assert.Equal((200, "9", ""), (head.Status, head.Header("Content-Length"), head.Body));
    }

    [Fact]
    public async Task What_is_not_there_is_said_in_fhir()
    {
        var (answer, bytes) = await Get("Binary/never-was-one", "image/png");
        Assert.Equal((404, "OperationOutcome"), ((int)answer.StatusCode, (string?)JsonNode.Parse(bytes)!["resourceType"]));
    }
}
