using System.Text;
using System.Text.Json.Nodes;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Patching;

namespace FhirCarePlan.Fhir.Tests.Patching;

/// <summary>HL7's own patch cases.</summary>
public class SharedPatchTests
{
    [SharedFact]
    public void Every_FHIRPath_case_gives_the_output_of_the_specification()
    {
        var wrong = new List<string>();
        var lines = File.ReadAllLines(SharedData.Folder("data/patch/fhirpath-patch.ndjson")!);
        foreach (var line in lines)
        {
            var test = JsonNode.Parse(line)!;
            var outcome = ResourcePatch.Apply(PatchFormat.FhirPath, Utf8(test["diff"]), ResourceFormat.Json, Utf8(test["input"]), TimeProvider.System);
            if (outcome.Issues.Count > 0 || !JsonNode.DeepEquals(JsonNode.Parse(outcome.Body.Span), test["output"]))
                wrong.Add($"{test["name"]}: {string.Join(" ", outcome.Issues.Select(i => i.Text))} {Encoding.UTF8.GetString(outcome.Body.Span)}");
        }
        Assert.Equal([], wrong);
        Assert.Equal(18, lines.Length);
    }

    [SharedFact]
    public void Every_JSON_case_gives_its_result_or_its_error()
    {
        var wrong = new List<string>();
        var tests = JsonNode.Parse(File.ReadAllText(SharedData.Folder("data/patch/json-patch-tests.json")!))!.AsArray();
        foreach (var test in tests)
        {
            var document = test!["doc"]!.DeepClone();
            var fault = JsonPatch.Apply(ref document!, Utf8(test["patch"]), new PatchBudget());
            var isRight = test["expected"] is { } expected ? fault is null && JsonNode.DeepEquals(document, expected) : fault is not null;
            if (!isRight) wrong.Add($"{test["comment"]}: {fault?.Text ?? document!.ToJsonString()}");
        }
        Assert.Equal([], wrong);
        Assert.Equal(8, tests.Count);
    }

    private static byte[] Utf8(JsonNode? node) => Encoding.UTF8.GetBytes(node!.ToJsonString());
}
