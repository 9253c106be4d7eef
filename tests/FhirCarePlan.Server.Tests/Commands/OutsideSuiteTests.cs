using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Tests;
using FhirCarePlan.Fhir.Validation;
using FhirCarePlan.Server.Commands;

namespace FhirCarePlan.Server.Tests.Commands;

/// <summary>Outside suites through the commands: the process answers as the engine inside it does.</summary>
public class OutsideSuiteTests
{
    /// <summary>Cases of HL7's suite that come out otherwise, as in FhirCarePlan.Fhir.Tests.</summary>
    private static readonly string[] Disputed = ["HighBoundary/HighBoundaryDateTimeMillisecond1", "HighBoundary/HighBoundaryDateTimeMillisecond3"];

    [SharedFact]
    public async Task The_cases_of_the_reference_validator_have_the_same_verdict_inside_and_outside()
    {
        var folder = Directory.CreateTempSubdirectory("fcp-").FullName;
        try
        {
            var data = SharedData.Folder("data/validator")!;
            string[] packages = [Packed.Extensions(folder), SharedData.Folder("data/definitions/StructureDefinition.ndjson.gz")!];
            var groups = File.ReadLines(Path.Combine(data, "cases.ndjson")).Select(l => JsonNode.Parse(l)!)
                .Where(c => (string?)c["tier"] is "T1" or "T2" && c["json"] != null)
                .Select(c => (File: Path.Combine(data, (string)c["json"]!), Profile: (string?)c["profile"],
                    Supporting: string.Join('\n', c["supportingJson"]!.AsArray().Select(s => (string?)s).OfType<string>().Distinct().Select(s => Path.Combine(data, s)))))
                .GroupBy(c => (c.Profile, c.Supporting)).ToList();
            var faults = new List<string>();
            await Parallel.ForEachAsync(groups, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (group, _) =>
            {
                string[] given = [.. packages, .. group.Key.Supporting.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
                string[] profiles = group.Key.Profile is { } profile ? [profile] : [];
                string[] files = [.. group.Select(c => c.File).Distinct()];
                var shell = await Shell.Run("", ["validate", "--declared", "--json", .. files, .. given.SelectMany(p => (string[])["--package", p]), .. profiles.SelectMany(p => (string[])["--profile", p])]);
                var validator = new Validator(KnownDefinitions.With(given, out var _)!, TimeProvider.System);
                for (var i = 0; i < files.Length; i++)
                {
                    var report = new Report();
                    using var document = JsonParser.Parse(File.ReadAllBytes(files[i]), report);
                    if (document != null) validator.Validate(document, profiles, report);
                    var answer = i < shell.Lines.Length ? JsonNode.Parse(shell.Lines[i])! : new JsonObject();
                    if ((string?)answer["file"] != files[i] || (bool?)answer["valid"] != !report.HasErrors || answer["issues"]!.AsArray().Count != report.Issues.Count)
                        lock (faults) faults.Add($"{Path.GetFileName(files[i])}: {answer.ToJsonString()} {shell.Error}");
                }
            });
            Assert.Equal([], faults.Take(3));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [SharedFact]
    public async Task The_FHIRPath_suite_passes_through_the_command()
    {
        var folder = SharedData.Folder("data/fhirpath")!;
        var cases = File.ReadLines(Path.Combine(folder, "tests-fhir-r4.ndjson")).Select(l => JsonNode.Parse(l)!).ToList();
        var questions = new StringBuilder();
        foreach (var test in cases)
        {
            var input = (string?)test["input"] is { } file ? JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "input", Path.ChangeExtension(file, "json"))))!.ToJsonString() : "null";
            questions.Append($$"""{"id":{{JsonSerializer.Serialize($"{test["group"]}/{test["name"]}")}},"expression":{{test["expression"]!.ToJsonString()}},"resource":{{input}}}""").Append('\n');
        }
        var shell = await Shell.Run(questions.ToString(), "fhirpath");
        Assert.Equal(cases.Count, shell.Lines.Length);
        var faults = cases.Zip(shell.Lines, (test, line) => Fault(test, JsonNode.Parse(line)!, line)).OfType<string>().ToList();
        Assert.Equal(Disputed, faults.Select(f => f.Split(' ')[0]));
    }

    /// <summary>Null when the answer is what HL7 expects.</summary>
    private static string? Fault(JsonNode test, JsonNode answer, string line)
    {
        var outputs = test["outputs"]!.AsArray();
        var what = $"{test["group"]}/{test["name"]} {test["expression"]} ⇒ {line}";
        if (test["invalid"] != null) return answer["error"] != null || outputs.Count > 0 ? null : what;
        if (answer["result"] is not JsonArray result) return what;
        if ((string?)test["predicate"] == "true") return result.Count > 0 == ((string?)outputs[0]!["value"] == "true") ? null : what;
        if (result.Count != outputs.Count) return what;
        return result.Zip(outputs, (r, o) => Is(r, (string?)o!["value"])).All(same => same) ? null : what;
    }

    private static bool Is(JsonNode? found, string? expected)
    {
        if (expected == null) return true;
        var text = found switch
        {
            JsonValue value when value.GetValueKind() == JsonValueKind.String => (string)value!,
            JsonObject quantity => $"{quantity["value"]!.ToJsonString()} '{quantity["code"]}'",
            _ => found?.ToJsonString() ?? "",
        };
        return text == expected || "@" + text == expected || "@T" + text == expected
            || decimal.TryParse(text, out var a) && decimal.TryParse(expected, out var b) && a == b;
    }

    [SharedFact]
    public async Task Snapshots_through_the_command_are_those_of_the_engine()
    {
        var context = SharedData.Folder("data/definitions")!;
        var published = Packed.Read(Path.Combine(context, "StructureDefinition.ndjson.gz")).Select(l => JsonNode.Parse(l)!)
            .Where(d => (string?)d["derivation"] == "constraint" && (string?)d["type"] != "Extension" && d["snapshot"] != null).ToList();
        Assert.Equal(46, published.Count);
        var shell = await Shell.Run(string.Join('\n', published.Select(d => new JsonObject { ["url"] = d["url"]!.DeepClone(), ["structureDefinition"] = d.DeepClone() }.ToJsonString())), "snapshot", context);
        var set = DefinitionSet.Base.With(PackageReader.FromLines(Path.Combine(context, "StructureDefinition.ndjson.gz"), new Report()), new Report());
        var sameIds = 0;
        foreach (var (definition, line) in published.Zip(shell.Lines))
        {
            var elements = JsonNode.Parse(line)!["snapshot"]!["element"]!.AsArray();
            Assert.Equal(set.Snapshot((string)definition["url"]!)!.Elements().Select(e => e.Id), elements.Select(e => (string?)e!["id"]));
            if (definition["snapshot"]!["element"]!.AsArray().Select(e => (string?)e!["id"]).SequenceEqual(elements.Select(e => (string?)e!["id"]))) sameIds++;
        }
        Assert.True(sameIds >= 44, $"{sameIds} of 46 have the published elements");
    }

    [SharedTheory]
    [InlineData("data/ukcore/structuredefinitions.ndjson.gz", "data/ukcore")]
    [InlineData("data/packages/ips-2.0.0/StructureDefinition.ndjson.gz", "data/packages")]
    public async Task Every_differential_of_others_generates_over_a_context_that_repeats_R4(string list, string context)
    {
        var folder = Directory.CreateTempSubdirectory("fcp-").FullName;
        try
        {
            Directory.CreateSymbolicLink(Path.Combine(folder, "r4"), SharedData.Folder("data/definitions")!);
            Directory.CreateSymbolicLink(Path.Combine(folder, "context"), SharedData.Folder(context)!);
            var definitions = Packed.Read(SharedData.Folder(list)!).Select(l => JsonNode.Parse(l)!).ToList();
            var shell = await Shell.Run(string.Join('\n', definitions.Select(d => new JsonObject { ["url"] = d["url"]!.DeepClone(), ["structureDefinition"] = d.DeepClone() }.ToJsonString())), "snapshot", folder);
            Assert.Equal(definitions.Count, shell.Lines.Length);
            foreach (var (definition, line) in definitions.Zip(shell.Lines))
            {
                if ((string?)definition["derivation"] != "constraint") continue;
                Assert.True(JsonNode.Parse(line)!["snapshot"] != null, line[..Math.Min(line.Length, 300)]);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
