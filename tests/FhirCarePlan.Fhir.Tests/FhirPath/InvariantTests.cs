using System.Text.Json;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.FhirPath;

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

    [SharedFact]
    public void Every_CPA_invariant_compiles_and_names_elements_that_exist()
    {
        var problems = new List<string>();
        foreach (var (key, context, expression) in CpaInvariants())
            try
            {
                var compiled = FhirPathExpression.Compile(expression);
                var type = R4.Type(context.Split('.')[0])!;
                if (context.StartsWith("Patient.identifier", StringComparison.Ordinal)) type = R4.Type("Identifier")!;
                if (compiled.ProblemOn(type) is { } problem) problems.Add($"{key}: {problem}");
            }
            catch (FhirPathException problem)
            {
                problems.Add($"{key}: {problem.Message}");
            }
        Assert.Empty(problems);
    }

    private static List<(string Key, string Context, string Expression)> CpaInvariants()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(SharedData.Folder("design/cpa-invariants.json")!));
        var all = json.RootElement.EnumerateArray()
            .Select(i => (i.GetProperty("key").GetString()!, i.GetProperty("context").GetString()!, i.GetProperty("expression").GetString()!)).ToList();
        Assert.Equal(53, all.Count);
        return all;
    }
}
