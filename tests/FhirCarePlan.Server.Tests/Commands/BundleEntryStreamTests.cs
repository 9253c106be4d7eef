using System.Text;
using FhirCarePlan.Server.Commands;

namespace FhirCarePlan.Server.Tests.Commands;

public class BundleEntryStreamTests
{
    [Theory]
    [InlineData("""{"resourceType":"Bundle","entry":[]}""", true)]
    [InlineData("""{ "meta":{"tag":[{"code":"x"}]}, "resourceType" : "Bundle", "entry":[{"resource":""", true)]
    [InlineData("""{"resourceType":"Patient"}""", false)]
    [InlineData("""{"contained":[{"resourceType":"Bundle"}],"id":"x"}""", false)]
    [InlineData("""[{"resourceType":"Bundle"}]""", false)]
    [InlineData("nonsense", false)]
    public void Knows_a_Bundle_by_its_beginning(string begun, bool isOne) =>
        Assert.Equal(isOne, BundleEntryStream.IsBundle(Encoding.UTF8.GetBytes(begun)));

    [Theory]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":{"a":1}},{"fullUrl":"x"},{"resource":{"b":"}]\"{"}}],"signature":{"entry":[{"resource":{}}]}}""", "0 {\"a\":1}|2 {\"b\":\"}]\\\"{\"}")]
    [InlineData("""{"entry":[ {"link":[{"entry":[1]}],"resource":{"entry":[{"resource":{}}]}} , {"resource":{"c":[]}}]}""",
        "0 {\"entry\":[{\"resource\":{}}]}|1 {\"c\":[]}")]
    [InlineData("""{"type":"entry","link":[{"resource":{}}],"entry":[]}""", "")]
    [InlineData("""{"entry":[{"resource":{"a":1}},{"resource":{"b""", "0 {\"a\":1}")]
    [InlineData("""{"entry":[{"resource" {"a":1}}]}""", "0 {\"resource\" {\"a\":1}}")]
    public void Takes_out_the_resources_wherever_the_stream_breaks(string bundle, string resources)
    {
        var bytes = Encoding.UTF8.GetBytes(bundle);
        for (var at = 1; at < bytes.Length; at += 7)
            Assert.Equal(resources,
                string.Join('|', BundleEntryStream.Read(bytes[..at], new MemoryStream(bytes[at..]))
                .Select(e => $"{e.Position} {Encoding.UTF8.GetString(e.Resource)}")));
    }

    [Fact]
    public async Task A_Bundle_larger_than_memory_is_wanted_for_comes_out_resource_by_resource()
    {
        var folder = Directory.CreateTempSubdirectory("fcp-").FullName;
        try
        {
            var file = Path.Combine(folder, "large.json");
            var text = new string('x', 100_000);
            await using (var writer = new StreamWriter(file))
            {
                await writer.WriteAsync("{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[\n");
                for (var i = 0; i < 700; i++)
                    await writer.WriteAsync($$$"""{{{(i > 0 ? "," : "")}}}{"resource":{"resourceType":"Patient","id":"p{{{i}}}","gender":"{{{(i == 600 ? "m" : "male")}}}","name":[{"text":"{{{text}}}"}]}}""");
                await writer.WriteAsync("]}");
            }
            var shell = await Shell.Run("", "validate", file, "--json");
            Assert.Equal((1, 700), (shell.ExitCode, shell.Lines.Length));
            Assert.Contains("\"id\":\"p600\"", shell.Lines[600], StringComparison.Ordinal);
            Assert.Contains("Bundle.entry[600].resource.gender", shell.Lines[600], StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
