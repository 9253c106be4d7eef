using System.Reflection;
using System.Runtime.Loader;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation;

namespace FhirCarePlan.Fhir.Tests.Validation;

/// <summary>The first use of everything at once: base R4's tables, the profiles, the compiled expressions. Each round runs in a copy of
/// the assemblies of its own, in which nothing has been asked for before.</summary>
public sealed class FirstUseTests
{
    private const int Threads = 8, Rounds = 4;

    [Fact]
    public void Many_threads_at_once_get_the_verdicts_that_one_gets()
    {
        var expected = Verdicts(new Validator(Profiles(), TimeProvider.System), Samples(), 0);
        for (var round = 0; round < Rounds; round++)
        {
            var cold = new Copy();
            var race = cold.LoadFromAssemblyName(typeof(FirstUseTests).Assembly.GetName())
                .GetType(typeof(FirstUseTests).FullName!)!.GetMethod(nameof(Race), BindingFlags.NonPublic | BindingFlags.Static)!;
            Assert.NotEqual(typeof(FirstUseTests), race.DeclaringType);
            Assert.All((string[][])race.Invoke(null, null)!, answers => Assert.Equal(expected, answers));
            cold.Unload();
        }
    }

    /// <summary>Every thread validates all samples: two at a time begin with the same one, each pair with another.</summary>
    private static string[][] Race()
    {
        var (samples, validator) = (Samples(), new Validator(Profiles(), TimeProvider.System));
        var answers = new string[Threads][];
        using var start = new Barrier(Threads);
        var threads = Enumerable.Range(0, Threads).Select(i => new Thread(() =>
        {
            start.SignalAndWait();
            try
            {
                answers[i] = Verdicts(validator, samples, i / 2 * 7);
            }
            catch (Exception e)
            {
                answers[i] = [e.ToString()];
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        return answers;
    }

    private static string[] Verdicts(Validator validator, string[] samples, int first)
    {
        var verdicts = new string[samples.Length];
        for (var n = 0; n < samples.Length; n++)
        {
            var at = (first + n) % samples.Length;
            var report = new Report();
            using var document = JsonParser.Parse(File.ReadAllBytes(samples[at]), report);
            var profile = $"https://fhir.cpa.example/StructureDefinition/{Path.GetFileName(Path.GetDirectoryName(samples[at]))}";
            if (document != null) validator.Validate(document, [profile], report);
            verdicts[at] =
                $"{samples[at]}: {string.Join("; ", report.Issues.Select(i => $"{i.Key} {i.Expression} {i.Line}:{i.Column} {i.Text}"))}";
        }
        return verdicts;
    }

    private static DefinitionSet Profiles()
    {
        var report = new Report();
        return DefinitionSet.Base.With(PackageReader.FromFolder(Path.Combine(SharedData.Repository, "profiles"), report), report);
    }

    /// <summary>The first sample of each profile, valid and invalid.</summary>
    private static string[] Samples() =>
        [.. new[] { "valid", "invalid" }.SelectMany(kind => Directory.GetDirectories(Path.Combine(SharedData.Repository, "samples", kind)))
            .Select(folder => Directory.GetFiles(folder, "*.json").Min(StringComparer.Ordinal)!).Order(StringComparer.Ordinal)];

    private sealed class Copy() : AssemblyLoadContext(isCollectible: true)
    {
        protected override Assembly? Load(AssemblyName name) =>
            name.Name!.StartsWith("FhirCarePlan.", StringComparison.Ordinal)
                ? LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, name.Name + ".dll")) : null;
    }
}
