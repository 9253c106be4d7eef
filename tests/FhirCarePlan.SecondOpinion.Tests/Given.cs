using System.Text.Json;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.SecondOpinion.Tests;

/// <summary>Packages and samples that both engines are asked about.</summary>
internal static class Given
{
    /// <summary>The CPA package.</summary>
    public static FhirPackage Cpa { get; } = PackageReader.FromFolder(Path.Combine(SharedData.Repository, "profiles"), new Report());

    /// <summary>R4's own profiles and extensions, which Firely has in its package and our base facts have not.</summary>
    public static FhirPackage R4Profiles => Lines("data/definitions/StructureDefinition.ndjson.gz");

    public static FhirPackage Lines(string path) => PackageReader.FromLines(SharedData.Folder(path)!, new Report());

    /// <summary>Anew for each test: Firely writes snapshots into the definitions that it is given, so a verdict would depend on who asked before.</summary>
    public static FirelyDefinitions CpaByFirely() => new(Cpa);

    public static DefinitionSet CpaByUs { get; } = DefinitionSet.Base.With(Cpa, new Report());

    /// <summary>Every sample of `samples/expectations.json` with the profile that it is judged by.</summary>
    public static IReadOnlyList<SuiteCase> Samples { get; } = [.. Rows("expectations.json")
        .Select(e => (File: e.GetProperty("file").GetString()!, Profile: e.GetProperty("profile").GetString()!))
        .Select(s => new SuiteCase(s.File, () => File.ReadAllBytes(Sample(s.File)), [s.Profile]))];

    private static JsonElement.ArrayEnumerator Rows(string file) =>
        JsonDocument.Parse(File.ReadAllBytes(Sample(file))).RootElement.EnumerateArray();

    private static string Sample(string file) => Path.Combine(SharedData.Repository, "samples", file);
}

/// <summary>A resource to be judged.</summary>
internal sealed record SuiteCase(string Name, Func<byte[]> Json, IReadOnlyList<string> Profiles);
