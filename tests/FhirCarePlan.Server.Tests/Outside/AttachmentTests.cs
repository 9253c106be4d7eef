using System.Text;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>A scan of 20 MB can be attached, comes back as it was, and types without attachments take no such bodies.</summary>
public class AttachmentTests(OneOrganisation organisation) : IClassFixture<OneOrganisation>
{
    private const int MegaByte = 1 << 20;

    private static byte[] Document(int bytes) => Encoding.ASCII.GetBytes(
        $$$"""{"resourceType":"DocumentReference","status":"current","content":[{"attachment":{"contentType":"application/pdf","data":"{{{new string('A', bytes / 3 * 4)}}}"}}]}""");

    [Theory]
    [InlineData("application/fhir+json")]
    [InlineData("application/fhir+xml")]
    public async Task Twenty_megabytes_go_in_and_come_out(string format)
    {
        var json = Document(20 * MegaByte);
        var body = format.EndsWith("json", StringComparison.Ordinal) ? json : Encoding.UTF8.GetBytes(
            $"<DocumentReference xmlns=\"http://hl7.org/fhir\"><status value=\"current\"/><content><attachment><contentType value=\"application/pdf\"/><data value=\"{new string('A', 20 * MegaByte / 3 * 4)}\"/></attachment></content></DocumentReference>");
        var made = await organisation.Client.Send("POST", "DocumentReference", body, format, "Prefer: return=minimal");
        Assert.True(made.Status == 201, made.Body);
        var read = await organisation.Client.Send("GET", made.Header("Location")![organisation.Client.BaseAddress!.ToString().Length..].Split("/_history")[0]);
        Assert.Equal(200, read.Status);
        Assert.Equal(20 * MegaByte / 3 * 4, ((string)read.Json["content"]![0]!["attachment"]!["data"]!).Length);
    }

    [Fact]
    public async Task What_is_larger_is_refused()
    {
        var refused = await organisation.Client.Send("POST", "DocumentReference", Document(22 * MegaByte));
        Assert.Equal(422, refused.Status);
        Assert.Contains("letters of base64", refused.Said, StringComparison.Ordinal);
        Assert.Equal(413, (await organisation.Client.Send("POST", "DocumentReference", Document(26 * MegaByte))).Status);
        // A Goal carries no attachment.
        var goal = Encoding.ASCII.GetBytes("""{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"x"},"subject":{"display":"x"}}""" + new string(' ', 5 * MegaByte));
        Assert.Equal(413, (await organisation.Client.Send("POST", "Goal", goal)).Status);
    }

    [Fact]
    public async Task Without_a_length_beforehand_the_smaller_limit_holds()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "DocumentReference") { Content = new StreamContent(new Unsized(Document(5 * MegaByte))) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", Wire.Fhir);
        using var answer = await organisation.Client.SendAsync(request);
        Assert.Equal(413, (int)answer.StatusCode);
        Assert.Contains("with `Content-Length` it may have", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private sealed class Unsized(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
