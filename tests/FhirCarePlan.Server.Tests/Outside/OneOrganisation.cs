namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>A server of one organisation: every R4 type, only what a resource declares is asked of it, and nothing in it.</summary>
public sealed class OneOrganisation : IAsyncLifetime
{
    public static IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["Sharing:Protocols"] = "profiles/sharing/single-organisation.yaml",
        ["Fhir:Types"] = "*",
        ["Validation:Profiles"] = "Declared",
        ["Samples:Load"] = "false",
    };

    public ServerProcess Process { get; private set; } = null!;
    public HttpClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Process = await ServerProcess.Start(Settings);
        Client = await Process.As("system");
    }

    public async Task DisposeAsync()
    {
        if (Process != null) await Process.DisposeAsync();
    }
}
