using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Tests;

namespace FhirCarePlan.Sharing.Tests.Labelling;

/// <summary>Resources to label: our samples, and R4's own examples where the outside data is to hand.</summary>
public static class Bodies
{
    private static readonly Lazy<IReadOnlyList<(string Name, byte[] Body)>> samples = new(() =>
        [.. Load(Path.Combine(SharedData.Repository, "samples"), "valid", "partnership", "tour"), .. Inquiry()]);
    private static readonly Lazy<IReadOnlyList<(string Name, byte[] Body)>> examples = new(() =>
        SharedData.Folder("data/examples") is { } folder ? Load(folder, "json") : []);

    public static IReadOnlyList<(string Name, byte[] Body)> Samples => samples.Value;
    public static IReadOnlyList<(string Name, byte[] Body)> Examples => examples.Value;

    /// <summary>The resources inside the bundles of `samples/inquiry`.</summary>
    private static IEnumerable<(string, byte[])> Inquiry()
    {
        foreach (var (name, bundle) in Load(Path.Combine(SharedData.Repository, "samples"), "inquiry"))
        {
            using var document = Parse(bundle);
            foreach (var entry in document.Root.All("entry"))
            {
                var resource = new System.Buffers.ArrayBufferWriter<byte>();
                CanonicalJson.Write(entry["resource"], resource);
                yield return ($"{name} {entry.Location}", resource.WrittenSpan.ToArray());
            }
        }
    }

    /// <summary>Canonical bytes; bodies that the parser refuses are left out, and counted by the parser's own tests.</summary>
    private static List<(string, byte[])> Load(string root, params string[] folders)
    {
        var found = new List<(string, byte[])>();
        foreach (var folder in folders)
            foreach (var file in Directory.EnumerateFiles(Path.Combine(root, folder), "*.json", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal))
            {
                if (JsonParser.Parse(File.ReadAllBytes(file), new Report()) is not { } document) continue;
                using (document) found.Add((Path.GetRelativePath(root, file), CanonicalJson.Write(document)));
            }
        return found;
    }

    public static Document Parse(byte[] body) => JsonParser.Parse(body, new Report()) ?? throw new InvalidOperationException("not R4");
}
