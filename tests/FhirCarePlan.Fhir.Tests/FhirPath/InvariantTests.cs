using System.Text.Json;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Tests.FhirPath;

/// <summary>The rules that this engine is for: those of base R4 and those of the CPA profiles.</summary>
public class InvariantTests
{
    [Fact]
    public void Every_invariant_of_base_R4_compiles()
    {
        var problems = new List<string>();
        foreach (var invariant in BaseInvariants())
            try
            {
                FhirPathExpression.Compile(invariant.Expression);
            }
            catch (FhirPathException problem)
            {
                problems.Add($"{invariant.Key}: {problem.Message}");
            }
        Assert.Empty(problems);
    }

    [Fact]
    public void Every_search_parameter_of_base_R4_compiles()
    {
        var problems = new List<string>();
        foreach (var parameter in R4.SearchParameters.Where(p => p.Expression.Length > 0))
            try
            {
                FhirPathExpression.Compile(parameter.Expression);
            }
            catch (FhirPathException problem)
            {
                problems.Add($"{parameter.Url}: {problem.Message}");
            }
        Assert.Empty(problems);
    }

    private static IEnumerable<Invariant> BaseInvariants()
    {
        var seen = new HashSet<string>();
        var types = new Queue<TypeInfo>(R4.ResourceTypes.Concat(R4.DataTypes).Select(name => R4.Type(name)!));
        while (types.TryDequeue(out var type))
        {
            if (!seen.Add(type.Name)) continue;
            foreach (var invariant in type.Invariants) yield return invariant;
            foreach (var element in type.Elements)
            {
                foreach (var invariant in element.Invariants) yield return invariant;
                foreach (var choice in element.Types) types.Enqueue(choice.Type);
            }
        }
        Assert.True(seen.Count > 600, $"{seen.Count} types");
    }

    /// <summary>Rows of `tests/cases/cpa-invariants.json`; `CPA:` and `CS:` are prefixes of our extensions and code systems.</summary>
    private sealed record Row(string Key, string Context, string Expression, string Why, JsonElement Holds, JsonElement Violates);

    private static readonly List<Row> Rows = JsonSerializer.Deserialize<List<Row>>(
        File.ReadAllText(Path.Combine(SharedData.Repository, "tests/cases/cpa-invariants.json"))
            .Replace("\"CPA:", "\"https://fhir.cpa.example/StructureDefinition/Extension-CPA-")
                .Replace("\"CS:", "\"https://fhir.cpa.example/CodeSystem/CPA-"),
        new JsonSerializerOptions { PropertyNameCaseInsensitive = true })!;

    public static IEnumerable<object[]> CpaInvariants => Rows.Select(r => new object[] { r.Key, r.Why });

    [Theory, MemberData(nameof(CpaInvariants))]
    public void A_CPA_invariant_tells_what_keeps_it_from_what_breaks_it(string key, string why)
    {
        var row = Rows.Single(r => r.Key == key);
        Assert.All(Verdicts(row, row.Holds), verdict => Assert.NotEqual(false, verdict));
        Assert.True(Verdicts(row, row.Violates).Contains(false), why);
    }

    private static List<bool?> Verdicts(Row row, JsonElement resource)
    {
        var contexts = new List<Node>();
        FhirPathExpression.Compile(row.Context).Select(Given.Resource(resource.GetRawText()), Given.Context, contexts);
        Assert.NotEmpty(contexts);
        return [.. contexts.Select(node => FhirPathExpression.Compile(row.Expression).Test(node, Given.Context))];
    }

    [Fact]
    public void CPA_invariants_name_elements_that_exist() =>
        Assert.All(Rows, row => Assert.Null(FhirPathExpression.Compile(row.Expression).ProblemOn(R4.Type(ContextType(row.Context))!)));

    private static string ContextType(string context) =>
        context.StartsWith("Patient.identifier", StringComparison.Ordinal) ? "Identifier" : context;

    [SharedFact]
    public void The_CPA_invariants_are_those_of_the_design()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(SharedData.Folder("design/cpa-invariants.json")!));
        Assert.Equal(
            json.RootElement.EnumerateArray()
                .Select(i =>
                (i.GetProperty("key").GetString(), i.GetProperty("context").GetString(), i.GetProperty("expression").GetString())),
            Rows.Select(r => ((string?)r.Key, (string?)r.Context, (string?)r.Expression)));
    }

    [Fact]
    public void Rules_on_a_small_tree_allocate_nothing()
    {
        var row = Rows.Single(r => r.Key == "cpa-cp-3");
        var node = Given.Resource(row.Holds.GetRawText());
        foreach (var expression in Rows.Where(r => r.Context == "CarePlan" && !r.Expression.Contains("today()"))
            .Select(r => FhirPathExpression.Compile(r.Expression)))
        {
            for (var i = 0; i < 3; i++) expression.Test(node, Given.Context);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 10; i++) expression.Test(node, Given.Context);
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before <= 640, expression.Text);
        }
    }
}
