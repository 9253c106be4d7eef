using System.Text.Json.Nodes;

namespace FhirCarePlan.Server.Tests.Commands;

public class SnapshotCommandTests
{
    private const string Parent =
        """{"resourceType":"StructureDefinition","url":"http://a.example/parent","name":"P","status":"active","kind":"resource","abstract":false,"type":"Patient","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","derivation":"constraint","differential":{"element":[{"id":"Patient.name","path":"Patient.name","min":1,"short":"A name"}]}}""";

    [Fact]
    public async Task Answers_over_the_definitions_of_a_folder()
    {
        var folder = Directory.CreateTempSubdirectory("fcp-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "below"));
            File.WriteAllBytes(Path.Combine(folder, "below", "parents.ndjson.gz"),
                ValidateCommandTests.Gzip(Parent + "\n{\"no\":\"resource\"}\n"));
            var shell = await Shell.Run($$"""
                {"url":"http://a.example/child","structureDefinition":{{Child("http://a.example/child", "http://a.example/parent")}}}
                {"url":"x","structureDefinition":{{Child("http://a.example/other", "http://a.example/nowhere")}}}
                {"url":"y"}
                nonsense
                {"url":"z","structureDefinition":{{Child("http://a.example/self", "http://a.example/self")}}}
                {"url":"http://hl7.org/fhir/StructureDefinition/Period","structureDefinition":{"resourceType":"StructureDefinition","url":"http://hl7.org/fhir/StructureDefinition/Period"} }
                """, "snapshot", folder);
            Assert.Equal(0, shell.ExitCode);
            Assert.Contains("parents.ndjson.gz:2", shell.Error, StringComparison.Ordinal);
            var answers = shell.Lines.Select(l => JsonNode.Parse(l)!).ToList();
            Assert.Equal(6, answers.Count);
            var elements = answers[0]["snapshot"]!["element"]!.AsArray();
            var name = elements.Single(e => (string?)e!["id"] == "Patient.name")!;
            Assert.Equal("""{"id":"Patient.name","path":"Patient.name","short":"A name","definition":"As R4 defines it: http://hl7.org/fhir/R4/patient-definitions.html#Patient.name","min":1,"max":"3","base":{"path":"Patient.name","min":0,"max":"*"},"type":[{"code":"HumanName"}]""",
                name.ToJsonString()[..name.ToJsonString().IndexOf(",\"constraint\"", StringComparison.Ordinal)]);
            Assert.Equal("Resource.id", (string?)elements.Single(e => (string?)e!["id"] == "Patient.id")!["base"]!["path"]);
            Assert.Contains("`http://a.example/nowhere` cannot be resolved", (string?)answers[1]["error"]);
            Assert.All(answers.Skip(1).Take(4), a => Assert.NotEmpty((string)a["error"]!));
            Assert.Equal(["Period", "Period.id", "Period.extension", "Period.start", "Period.end"],
                answers[5]["snapshot"]!["element"]!.AsArray().Select(e => (string)e!["id"]!));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Asks_for_a_folder()
    {
        Assert.Equal(2, (await Shell.Run("", "snapshot")).ExitCode);
        Assert.Equal(2, (await Shell.Run("", "snapshot", "no/such/folder")).ExitCode);
    }

    private static string Child(string url, string parent) =>
        $$$"""{"resourceType":"StructureDefinition","url":"{{{url}}}","name":"C","status":"active","kind":"resource","abstract":false,"type":"Patient","baseDefinition":"{{{parent}}}","derivation":"constraint","snapshot":{"element":[{"id":"Patient","path":"Patient"}]},"differential":{"element":[{"id":"Patient.name","path":"Patient.name","max":"3"}]}}""";
}
