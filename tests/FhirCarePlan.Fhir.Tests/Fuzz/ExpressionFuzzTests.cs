using System.Text.Json;
using System.Text.RegularExpressions;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Tests.FhirPath;
using Xunit.Abstractions;

namespace FhirCarePlan.Fhir.Tests.Fuzz;

/// <summary>Meaningful expressions, broken: words removed, doubled, swapped, or taken from another. Each is answered or refused as
/// FHIRPath, in bounded steps.</summary>
public class ExpressionFuzzTests(ITestOutputHelper output)
{
    private const int Base = 4711;
    private static readonly int Count = Optional.NothingIsSkipped || Environment.GetEnvironmentVariable("CI") is { Length: > 0 }
        ? 100_000 : 10_000;
    private static readonly Regex Word = new(@"'(?:[^'\\]|\\.)*'|`[^`]*`|@[\dT:.Z+-]+|%\w+|\$\w+|\d+(?:\.\d+)?|\w+|[!<>]=|!~|\s+|.",
        RegexOptions.Singleline | RegexOptions.NonBacktracking);

    [Fact]
    public void Every_expression_ends_in_an_answer_or_a_refusal()
    {
        var texts = Expressions().Where(e => e.Length < 400).Distinct().Order(StringComparer.Ordinal).ToList();
        var words = texts.Select(t => Word.Matches(t).Select(m => m.Value).ToArray()).ToList();
        Node[] resources = [Given.Patient, .. Samples().Take(8)];
        var context = Given.Context with { MaxSteps = 20_000 };
        int answered = 0, refused = 0;
        Parallel.For(0, Count, n =>
        {
            var random = new Random(Base + n);
            var text = Mutated(words[random.Next(words.Count)], words[random.Next(words.Count)], random);
            var resource = resources[random.Next(resources.Length)];
            try
            {
                var expression = FhirPathExpression.Compile(text);
                _ = expression.ReadsOf;
                _ = expression.ProblemOn(resource.Type);
                _ = string.Join(", ", expression.Evaluate(resource, context));
                Interlocked.Increment(ref answered);
            }
            catch (FhirPathException)
            {
                Interlocked.Increment(ref refused);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"#{n} {text}", e);
            }
        });
        output.WriteLine($"{Count} expressions made of {texts.Count}: {answered} answered, {refused} refused");
        Assert.InRange(answered, Count / 10, Count * 9 / 10);
    }

    private static string Mutated(string[] words, string[] others, Random random)
    {
        var all = words.ToList();
        for (var times = random.Next(1, 4); times > 0 && all.Count > 0; times--)
        {
            var at = random.Next(all.Count);
            switch (random.Next(6))
            {
                case 0: all.RemoveAt(at); break;
                case 1: all.Insert(at, all[random.Next(all.Count)]); break;
                case 2: all[at] = others[random.Next(others.Length)]; break;
                case 3: all.InsertRange(at, others); break;
                case 4: all.RemoveRange(at, Math.Min(all.Count - at, random.Next(1, 6))); break;
                default: all[at] = all[random.Next(all.Count)]; break;
            }
        }
        return string.Concat(all);
    }

    private static IEnumerable<string> Expressions()
    {
        foreach (var type in R4.ResourceTypes.Concat(R4.DataTypes).Select(name => R4.Type(name)!))
        {
            foreach (var rule in type.Invariants.Concat(type.Elements.SelectMany(e => e.Invariants))) yield return rule.Expression;
        }
        foreach (var parameter in R4.SearchParameters)
            if (parameter.Expression is { Length: > 0 } expression) yield return expression;
        if (SharedData.Folder("data/fhirpath/tests-fhir-r4.ndjson") is not { } suite || !File.Exists(suite)) yield break;
        foreach (var line in File.ReadLines(suite))
            if (JsonDocument.Parse(line).RootElement.TryGetProperty("expression", out var expression) && expression.GetString() is { } text)
                yield return text;
    }

    private static IEnumerable<Node> Samples() =>
        Directory.GetFiles(Path.Combine(SharedData.Repository, "samples", "partnership"), "*.json").Order(StringComparer.Ordinal)
            .Where((_, i) => i % 7 == 0)
            .Where(f => !f.EndsWith("index.json", StringComparison.Ordinal)).Select(f => Given.Resource(File.ReadAllText(f)));
}
