using System.Text.Json;
using FhirCarePlan.Fhir.Definitions.Packages;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Hl7.Fhir.Specification.Source;

namespace FhirCarePlan.SecondOpinion;

/// <summary>What Firely's engines judge by: packages laid over each other, later ones in front, over R4 as Firely publishes it. Our own
/// facts of R4 have no part in it, so that a mistake in them shows. https://docs.fire.ly/projects/Firely-NET-SDK/en/latest/</summary>
public sealed class FirelyDefinitions
{
    private static readonly FhirJsonDeserializer Parser = new(new DeserializerSettings().UsingMode(DeserializationMode.Ostrich));

    /// <param name="packages">The first is the lowest.</param>
    public FirelyDefinitions(params IEnumerable<FhirPackage> packages)
    {
        var own = new Dictionary<string, Resource>(StringComparer.Ordinal);
        foreach (var file in packages.SelectMany(p => p.Files))
            if (file is { Url: { } url, ResourceType: "StructureDefinition" or "ValueSet" or "CodeSystem" })
                own[$"{file.ResourceType} {url}"] = Read(file.Utf8);
        Source = new CachedResolver(new MultiResolver(new InMemoryResourceResolver(own.Values), R4()));
        // A profile without a snapshot gets one by Firely's generator.
        Resolver = new CachedResolver(new SnapshotSource(Source));
    }

    /// <summary>Definitions as they were published.</summary>
    internal CachedResolver Source { get; }

    /// <summary>Definitions with snapshots.</summary>
    internal CachedResolver Resolver { get; }

    /// <summary>Firely unpacks its package into one folder for all processes of this machine, so one of them does it and the others
    /// wait.</summary>
    private static ZipSource R4()
    {
        var r4 = new ZipSource(Path.Combine(AppContext.BaseDirectory, "specification.zip"), new DirectorySourceSettings());
        using var one = new Mutex(false, "FhirCarePlan.SecondOpinion.R4");
        try
        {
            one.WaitOne();
        }
        catch (AbandonedMutexException)
        {
            // The process before us ended while it unpacked; it is our turn.
        }
        try
        {
            r4.Prepare();
            return r4;
        }
        finally
        {
            one.ReleaseMutex();
        }
    }

    internal static Resource Read(ReadOnlyMemory<byte> utf8)
    {
        var json = new Utf8JsonReader(utf8.Span, new JsonReaderOptions { MaxDepth = 512 });
        Parser.TryDeserializeResource(ref json, out var resource, out var faults);
        return resource ?? throw new InvalidDataException($"Not a resource: {string.Join(", ", faults.Select(f => f.ErrorCode))}");
    }
}
