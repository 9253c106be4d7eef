using System.Text.Json;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Hl7.Fhir.Specification.Snapshot;

namespace FhirCarePlan.SecondOpinion;

/// <summary>Snapshots by Firely's generator. https://hl7.org/fhir/R4/profiling.html#snapshot</summary>
public sealed class FirelySnapshots(FirelyDefinitions definitions)
{
    private readonly SnapshotGenerator generator = new(definitions.Resolver, new SnapshotGeneratorSettings
    {
        GenerateSnapshotForExternalProfiles = true,
        GenerateElementIds = true,
        ForceRegenerateSnapshots = true,
    });

    /// <summary>The elements as JSON, `ElementDefinition` each; null when the profile is not known.</summary>
    public async Task<IReadOnlyList<JsonElement>?> Elements(string canonical)
    {
        if ((await definitions.Source.TryResolveByCanonicalUriAsync(canonical)).Value is not StructureDefinition known) return null;
        var profile = (StructureDefinition)known.DeepCopy();
        await generator.UpdateAsync(profile);
        using var json = JsonDocument.Parse(new FhirJsonSerializer().SerializeToString(profile));
        return [.. json.RootElement.GetProperty("snapshot").GetProperty("element").EnumerateArray().Select(e => e.Clone())];
    }
}
