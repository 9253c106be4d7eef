using System.Globalization;
using System.Text.Json;
using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.SecondOpinion.Tests;

/// <summary>Our FHIRPath engine gives the results of Hl7.Fhir's.</summary>
public class PathTests
{
    [SharedFact]
    public void On_every_case_of_HL7s_suite()
    {
        var folder = SharedData.Folder("data/fhirpath")!;
        var found = new List<KnownDifference>();
        foreach (var line in File.ReadLines(Path.Combine(folder, "tests-fhir-r4.ndjson")))
        {
            var test = JsonDocument.Parse(line).RootElement;
            var expression = test.GetProperty("expression").GetString()!;
            var input = test.TryGetProperty("input", out var file) && file.GetString() is { Length: > 0 } name
                ? File.ReadAllBytes(Path.Combine(folder, "input", Path.ChangeExtension(name, "json"))) : [];
            var (ours, theirs) = (Ours(input, expression), new FirelyPath(input).Evaluate(expression).Select(Plain).ToList());
            // Some cases must fail in strict mode only, which is not what is compared here.
            if (!ours.SequenceEqual(theirs))
                found.Add(new("hl7", $"{test.GetProperty("group").GetString()}/{test.GetProperty("name").GetString()}", ours, theirs));
        }
        KnownDifferences.Read("fhirpath.json").Compare("hl7", found);
    }

    [Fact]
    public void On_every_invariant_of_the_guide_and_every_sample()
    {
        var rules = Given.Cpa.Files.Where(f => f.ResourceType == "StructureDefinition")
            .ToDictionary(f => f.Url!, f => Rules(f.Utf8).ToList());
        var found = new Dictionary<string, KnownDifference>();
        var asked = new HashSet<string>();
        foreach (var sample in Given.Samples)
        {
            var json = sample.Json();
            using var document = JsonParser.Parse(json, new Report());
            if (document is null) continue;
            var theirs = new FirelyPath(json);
            foreach (var (key, path, expression) in sample.Profiles.SelectMany(p => rules.GetValueOrDefault(p) ?? []))
            {
                asked.Add(key);
                var (a, b) = (Ours(document, path, expression), theirs.Tests(path, expression));
                if (!a.SequenceEqual(b)) found.TryAdd($"{key} {sample.Name}", new("invariants", $"{key} {sample.Name}", a, b));
            }
        }
        Assert.True(asked.Count > 40, $"{asked.Count} invariants");
        KnownDifferences.Read("fhirpath.json").Compare("invariants", found.Values);
    }

    /// <summary>Key, FHIRPath of the element, expression.</summary>
    private static IEnumerable<(string Key, string Path, string Expression)> Rules(ReadOnlyMemory<byte> profile)
    {
        using var json = JsonDocument.Parse(profile);
        foreach (var element in json.RootElement.GetProperty("differential").GetProperty("element").EnumerateArray())
            if (element.TryGetProperty("constraint", out var constraints))
                foreach (var rule in constraints.EnumerateArray())
                    yield return (rule.GetProperty("key").GetString()!, element.GetProperty("path")
                        .GetString()!.Replace("[x]", "", StringComparison.Ordinal),
                        rule.GetProperty("expression").GetString()!);
    }

    private static List<string> Ours(byte[] input, string expression)
    {
        using var document = input.Length == 0 ? null : JsonParser.Parse(input, new Report());
        try
        {
            return [.. FhirPathExpression.Compile(expression)
                .Evaluate(document?.Root ?? Node.Missing, new FhirPathContext(TimeProvider.System))
                .Select(i => Plain(i.IsNode && !i.Node.HasValue ? i.Node.Type.Name : i.Text ?? ""))];
        }
        catch (FhirPathException)
        {
            return ["error"];
        }
    }

    private static List<string> Ours(Document document, string path, string expression)
    {
        var (elements, context) = (new List<Node>(), new FhirPathContext(TimeProvider.System));
        FhirPathExpression.Compile(path).Select(document.Root, context, elements);
        return [.. elements.Select(Test)];

        string Test(Node element)
        {
            try
            {
                return FhirPathExpression.Compile(expression)
                    .Test(element, context) switch
                { true => "true", false => "false", null => "empty" };
            }
            catch (FhirPathException)
            {
                return "error";
            }
        }
    }

    /// <summary>Numbers without trailing zeros: the engines print them differently.</summary>
    private static string Plain(string text) =>
        decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number)
            ? number.ToString("0.############################", CultureInfo.InvariantCulture) : text;
}
