using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirCarePlan.Fhir.Tests;

namespace FhirCarePlan.Server.Tests.Commands;

public class ValidateCommandTests
{
    private const string Right = """{"resourceType":"Patient","id":"right","gender":"female"}""";
    private const string Wrong = """{"resourceType":"Patient","id":"wrong","gender":"no such"}""";

    [Theory]
    [InlineData("validate FILE|FOLDER|-")]
    [InlineData("`--nonsense` is not an option", "-", "--nonsense")]
    [InlineData("`--profile` needs a value", "-", "--profile")]
    [InlineData("`--writer` needs a value", "-", "--writer")]
    [InlineData("`landlord` is not a kind of agency", "-", "--writer", "landlord")]
    [InlineData("give one of them", "-", "--declared", "--writer", "gp-practice")]
    [InlineData("There is no file or folder `no/such.json`", "no/such.json")]
    [InlineData("There is no package `no/such.tgz`", "-", "--package", "no/such.tgz")]
    public async Task Says_what_it_does_not_understand_and_ends_with_2(string said, params string[] arguments)
    {
        var shell = await Shell.Run("", ["validate", .. arguments]);
        Assert.Equal((2, ""), (shell.ExitCode, shell.Output));
        Assert.Contains(said, shell.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_valid_sample_ends_with_0_and_an_invalid_one_with_1_and_what_to_mend()
    {
        var samples = Path.Combine(SharedData.Repository, "samples", "tour");
        var valid = await Shell.Run("", "validate", Path.Combine(samples, "care-plan.json"), "--profile", "https://fhir.cpa.example/StructureDefinition/CPA-CarePlan");
        Assert.Equal((0, ""), (valid.ExitCode, valid.Error));
        Assert.Contains("CarePlan          1          0          0", valid.Output, StringComparison.Ordinal);

        var invalid = await Shell.Run("", "validate", Path.Combine(samples, "care-plan-without-crisis-plan.json"), "--profile=https://fhir.cpa.example/StructureDefinition/CPA-CarePlan");
        Assert.Equal(1, invalid.ExitCode);
        Assert.Contains("cpa-cp-4, https://fhir.cpa.example/StructureDefinition/CPA-CarePlan]", invalid.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_opinion_is_printed_where_it_differs_and_changes_no_verdict()
    {
        var risk = Path.Combine(SharedData.Repository, "samples", "partnership", "RiskAssessment-robin-risk.json");
        var plan = Path.Combine(SharedData.Repository, "samples", "tour", "care-plan.json");
        var shell = await Shell.Run("", "validate", risk, plan, "--second-opinion");
        Assert.Equal((0, ""), (shell.ExitCode, shell.Error));
        Assert.Contains("Firely refuses it. Only we find broken: nothing. Only Firely: `ras-2`", shell.Output, StringComparison.Ordinal);
        Assert.Contains("Second opinion: 2 judged by both engines, 1 differ", shell.Output, StringComparison.Ordinal);

        var json = JsonNode.Parse((await Shell.Run("", "validate", risk, "--second-opinion", "--json")).Lines[0])!;
        Assert.Equal("""{"valid":false,"ours":[],"theirs":["ras-2"]}""", json["secondOpinion"]!.ToJsonString());
    }

    [Theory]
    [InlineData(1, "CPA-AgencyPlan")]
    [InlineData(0, "", "--declared")]
    [InlineData(1, "CPA-AgencyPlan", "--writer", "housing-association")]
    [InlineData(1, "cpa-cp-4", "--writer=nhs-mental-health-provider")]
    public async Task The_verdict_is_that_of_a_server_that_enforces_unless_told_otherwise(int exit, string said, params string[] options)
    {
        var shell = await Shell.Run("""{"resourceType":"CarePlan","status":"active","intent":"plan","subject":{"display":"x"}}""", ["validate", "-", .. options]);
        Assert.Equal(exit, shell.ExitCode);
        Assert.Contains(said, shell.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_business_of_CPA_is_held_to_R4_alone()
    {
        const string pressure = """{"resourceType":"Observation","status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"85354-9"},{"system":"http://snomed.info/sct","code":"75367002"}]},"subject":{"reference":"Patient/x"},"effectiveDateTime":"2024-03-01","component":[{"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":120,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}},{"code":{"coding":[{"system":"http://loinc.org","code":"8462-4"}]},"valueQuantity":{"value":80,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}}]}""";
        const string problem = """{"resourceType":"Condition","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-category","code":"problem-list-item"}]}],"code":{"text":"Hay fever"},"subject":{"display":"x"}}""";
        Assert.Equal(0, (await Shell.Run($"{pressure}\n{problem}", "validate", "-", "--json")).ExitCode);
    }

    [Fact]
    public async Task Errors_come_before_warnings()
    {
        const string goal = """{"resourceType":"Goal","extension":[{"url":"https://fhir.cpa.example/StructureDefinition/Extension-CPA-Foo","valueString":"x"}],"lifecycleStatus":"active","description":{"text":"x"},"subject":{"reference":"Patient/robin"}}""";
        var shell = await Shell.Run(goal, "validate", "-", "--json");
        var severities = JsonNode.Parse(shell.Output.Split('\n')[0])!["issues"]!.AsArray().Select(i => (string)i!["severity"]!).ToList();
        Assert.Contains("error", severities);
        Assert.Contains("warning", severities);
        Assert.True(severities.LastIndexOf("error") < severities.IndexOf("warning"), string.Join(' ', severities));
    }

    [Fact]
    public async Task A_list_is_answered_line_by_line_in_its_order()
    {
        var shell = await Shell.Run($"{Right}\n\n{Wrong}\r\n{{\"resourceType\":\"Nobody\"}}\nnot json\n{Right}", "validate", "-", "--json");
        Assert.Equal(1, shell.ExitCode);
        var answers = shell.Lines.Select(l => JsonNode.Parse(l)!).ToList();
        Assert.Equal([1, 3, 4, 5, 6], answers.Select(a => (int)a["line"]!));
        Assert.Equal([true, false, false, false, true], answers.Select(a => (bool)a["valid"]!));
        Assert.Equal(["right", "wrong", null, null, "right"], answers.Select(a => (string?)a["id"]));
        var issue = answers[1]["issues"]!.AsArray().Single(i => (string?)i!["severity"] == "error")!;
        Assert.Equal(("code-invalid", "Patient.gender", 1), ((string?)issue["code"], (string?)issue["expression"], (int?)issue["line"]));
        Assert.Contains("no such", (string?)issue["text"]);
    }

    [Fact]
    public async Task Standard_input_may_be_one_resource_over_many_lines()
    {
        var shell = await Shell.Run("\n {\n\"resourceType\":\"Patient\",\n\"gender\":\"x\"}\n", "validate", "-", "--json");
        Assert.Equal(4, (int?)JsonNode.Parse(Assert.Single(shell.Lines))!["issues"]!.AsArray().First(i => (string?)i!["severity"] == "error")!["line"]);
    }

    [Fact]
    public async Task XML_is_read_as_JSON_is_and_placed_in_the_XML()
    {
        var shell = await Shell.Run("<Patient xmlns=\"http://hl7.org/fhir\">\n <id value=\"x\"/>\n <gender value=\"no such\"/>\n</Patient>", "validate", "-", "--json");
        var answer = JsonNode.Parse(Assert.Single(shell.Lines))!;
        var issue = answer["issues"]!.AsArray().Single(i => (string?)i!["severity"] == "error")!;
        Assert.Equal(("x", "Patient.gender", 3), ((string?)answer["id"], (string?)issue["expression"], (int?)issue["line"]));
    }

    [Fact]
    public async Task A_folder_is_read_in_the_order_of_its_paths_whatever_lies_in_it()
    {
        var folder = Directory.CreateTempSubdirectory("fcp-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "b"));
            File.WriteAllText(Path.Combine(folder, "b", "second.json"), Wrong);
            File.WriteAllText(Path.Combine(folder, "a.json"), Right);
            File.WriteAllText(Path.Combine(folder, "package.json"), """{"name":"x"}""");
            File.WriteAllText(Path.Combine(folder, "readme.txt"), "no resource");
            File.WriteAllBytes(Path.Combine(folder, "c.ndjson.gz"), Gzip($"{Right}\n{Wrong}\n"));
            File.WriteAllBytes(Path.Combine(folder, "d.ndjson.gz"), Gzip($"{Right}\n{Wrong}\n")[..30]);
            File.WriteAllText(Path.Combine(folder, "e.json"), "");
            File.WriteAllBytes(Path.Combine(folder, "f.json"), [0xFF, 0xFE, 0x00, 0x7B]);
            var shell = await Shell.Run("", "validate", folder, "--json");
            Assert.Equal((1, ""), (shell.ExitCode, shell.Error));
            var answers = shell.Lines.Select(l => JsonNode.Parse(l)!).ToList();
            Assert.Equal(["a.json true", "b/second.json false", "c.ndjson.gz true", "c.ndjson.gz false", "d.ndjson.gz false", "e.json false", "f.json false"],
                answers.Select(a => $"{Path.GetRelativePath(folder, (string)a["file"]!)} {a["valid"]}"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_folder_without_resources_is_said()
    {
        var folder = Directory.CreateTempSubdirectory("fcp-").FullName;
        try
        {
            var shell = await Shell.Run("", "validate", folder);
            Assert.Equal(2, shell.ExitCode);
            Assert.Contains("Found no resources. `validate` reads .json, .xml and .ndjson files, also as .gz", shell.Error, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_package_beside_the_resource_says_what_is_asked_of_it()
    {
        var folder = Directory.CreateTempSubdirectory("fcp-").FullName;
        try
        {
            var package = Packed.Write(folder, "some.package", "1.0.0", [], [("p.json", """
                {"resourceType":"StructureDefinition","url":"http://some.example/p","name":"P","status":"active","kind":"resource","abstract":false,"type":"Patient",
                "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","derivation":"constraint","differential":{"element":[{"id":"Patient.birthDate","path":"Patient.birthDate","min":1}]}}
                """)]);
            Assert.Equal(0, (await Shell.Run(Right, "validate", "-")).ExitCode);
            var shell = await Shell.Run(Right, "validate", "-", "--package", package, "--profile", "http://some.example/p");
            Assert.Equal(1, shell.ExitCode);
            Assert.Contains("`birthDate` occurs 0 times", shell.Output, StringComparison.Ordinal);

            File.WriteAllBytes(package, [1, 2, 3]);
            Assert.Equal(2, (await Shell.Run(Right, "validate", "-", "--package", package)).ExitCode);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Of_ten_thousand_the_order_stays()
    {
        var lines = Enumerable.Range(0, 10_000).Select(i => $$"""{"resourceType":"Patient","id":"p{{i}}"{{(i % 7 == 0 ? ",\"name\":[{}]" : "")}}}""");
        var shell = await Shell.Run(string.Join('\n', lines), "validate", "-", "--json");
        Assert.Equal(10_000, shell.Lines.Length);
        Assert.Equal(Enumerable.Range(0, 10_000).Select(i => $"p{i}"), shell.Lines.Select(l => (string?)JsonNode.Parse(l)!["id"] ?? "").Select((id, i) => id.Length > 0 ? id : $"p{i}"));
    }

    internal static byte[] Gzip(string text)
    {
        var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }
}
