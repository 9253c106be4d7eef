using System.Text.Json;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Tests.FhirPath;

/// <summary>Base R4's invariants on HL7's own examples: every one evaluates, and violations are listed here.</summary>
public class ExampleInvariantTests
{
    private static readonly Dictionary<string, string> Known = new()
    {
        ["ActivityDefinition-heart-valve-replacement txt-1"] = "The narrative is blank. (txt-1 and txt-2 share one expression.)",
        ["ActivityDefinition-heart-valve-replacement txt-2"] = "The narrative is blank.",
        ["EventDefinition-example txt-1"] = "The narrative is blank.",
        ["EventDefinition-example txt-2"] = "The narrative is blank.",
        ["Questionnaire-bb que-7"] = "The rule asks `answer is Boolean`, which no FHIR boolean is.",
    };

    [SharedFact]
    public void The_official_examples_keep_the_error_invariants_of_base_R4()
    {
        var violated = new SortedSet<string>();
        var known = new HashSet<string>();
        var count = 0;
        foreach (var file in Directory.EnumerateFiles(SharedData.Folder("data/examples/json")!, "*.json").Order())
        {
            using var document = JsonParser.Parse(File.ReadAllBytes(file), new Report());
            if (document is null) continue;
            count++;
            for (var i = 0; i < document.Count; i++)
            {
                var node = document[i];
                foreach (var rule in node.Type.Invariants.Concat(node.Element?.Invariants ?? []))
                {
                    if (Fault(rule, node) is not { } fault) continue;
                    var id = $"{Path.GetFileNameWithoutExtension(file)} {rule.Key}";
                    if (Known.ContainsKey(id)) known.Add(id);
                    else violated.Add($"{id}: {fault} {node.Location}");
                }
            }
        }
        Assert.True(count > 390, $"{count} examples read");
        Assert.True(violated.Count == 0, string.Join('\n', violated));
        Assert.Equal(Known.Keys.Order(), known.Order());
    }

    /// <summary>A warning may be violated, but must evaluate.</summary>
    private static string? Fault(Invariant rule, Node node)
    {
        try
        {
            return FhirPathExpression.Compile(rule.Expression).Test(node, Given.Context) == false && rule.IsError ? "violated at" : null;
        }
        catch (FhirPathException problem)
        {
            return problem.Message;
        }
    }
}
