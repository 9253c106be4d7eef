using FhirCarePlan.Fhir.Definitions.Facts;

namespace FhirCarePlan.Fhir.Tests.Definitions.Facts;

public class FactsGeneratorTests
{
    [SharedFact]
    public void The_committed_file_is_what_the_official_definitions_give()
    {
        var made = FactsGenerator.Generate(SharedData.Folder("data/definitions")!);
        var committed = File.ReadAllBytes(Path.Combine(SharedData.Repository, "src/FhirCarePlan.Fhir/Definitions/r4.facts.ndjson"));
        Assert.True(made.AsSpan().SequenceEqual(committed),
            "make it anew: dotnet run --project src/FhirCarePlan.Server -- facts FOLDER src/FhirCarePlan.Fhir/Definitions/r4.facts.ndjson");
    }

    [Fact]
    public void Facts_are_lean()
    {
        var length = new FileInfo(Path.Combine(SharedData.Repository, "src/FhirCarePlan.Fhir/Definitions/r4.facts.ndjson")).Length;
        // Half of it is what profiles say and what codes mean, read when asked for.
        Assert.InRange(length, 1_000_000, 2_800_000);
    }
}
