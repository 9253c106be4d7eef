using System.Text.Json;

namespace FhirCarePlan.Fhir.Tests.Guide;

/// <summary>A case of `samples/expectations.json`.</summary>
/// <param name="File">Below `samples/`.</param>
/// <param name="Profile">The canonical it is checked against.</param>
internal sealed record Sample(string File, string Profile, bool IsValid)
{
    public static IReadOnlyList<Sample> All { get; } = [.. JsonDocument.Parse(Read("expectations.json")).RootElement.EnumerateArray()
        .Select(e =>
        new Sample(e.GetProperty("file").GetString()!, e.GetProperty("profile").GetString()!, e.GetProperty("valid").GetBoolean()))];

    public static byte[] Read(string file) => System.IO.File.ReadAllBytes(Path.Combine(SharedData.Repository, "samples", file));

    public byte[] Json => Read(File);
}
