using System.Text.Json;
using Hl7.Fhir.Model;
using Hl7.Fhir.Rest;
using Hl7.Fhir.Serialization;

namespace FhirCarePlan.Client.Tests;

/// <summary>Clients of a running server, and the repository's samples as Hl7.Fhir's classes.</summary>
internal static class Given
{
    private static readonly FhirJsonDeserializer Parser = FhirJsonDeserializer.STRICT;

    public static string Repository { get; } = FindRepository();

    public static T Sample<T>(string file) where T : Resource => Read<T>(File.ReadAllBytes(Path.Combine(Repository, "samples", file)));

    public static T Read<T>(byte[] json) where T : Resource
    {
        var reader = new Utf8JsonReader(json);
        Assert.True(Parser.TryDeserializeResource(ref reader, out var resource, out var faults),
            string.Join("; ", faults.Select(f => f.Message)));
        return (T)resource!;
    }

    /// <summary>Tokens of the development issuer for a persona.</summary>
    public static ClientCredentials Tokens(this ServerProcess server, string persona) =>
        new(new Uri(server.Address, "dev/token"), persona, "any");

    public static CpaClient Cpa(this ServerProcess server, string persona) => new(server.Fhir, server.Tokens(persona));

    /// <summary>Hl7.Fhir's client as an integrator sets it up, without our package.</summary>
    public static async Task<FhirClient> Plain(this ServerProcess server, string persona, ResourceFormat format = ResourceFormat.Json,
        ReturnPreference returns = ReturnPreference.Representation)
    {
        var client = new FhirClient(server.Fhir,
            new FhirClientSettings { PreferredFormat = format, ReturnPreference = returns, VerifyFhirVersion = true });
        client.RequestHeaders!.Authorization = new("Bearer", await server.Token(persona));
        return client;
    }

    private static string FindRepository()
    {
        for (var folder = AppContext.BaseDirectory; folder != null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "FhirCarePlan.sln"))) return folder;
        throw new DirectoryNotFoundException("The tests run below the folder of FhirCarePlan.sln");
    }
}
