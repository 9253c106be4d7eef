using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Server.Settings;

/// <summary>Under which addresses the FHIR base is known. Nothing a caller sends decides what we call ourselves.</summary>
/// <param name="BaseUrl">`Server:BaseUrl`, the public one, without a slash at the end: links, `Location` and `fullUrl` begin with it. Null
/// in Development only: then the addresses that the process listens on take its place.</param>
/// <param name="Accepted">`Server:AcceptedBaseUrls`: further ones by which the same server is reached, such as the
/// name behind a proxy.</param>
public sealed record AddressSettings(string? BaseUrl, IReadOnlyList<string> Accepted)
{
    private const string Allowed = "it must be an http or https address such as `https://care.example/fhir`";

    internal static AddressSettings Read(SettingsReader read)
    {
        var baseUrl = read.Text("Server:BaseUrl");
        var accepted = read.List("Server:AcceptedBaseUrls") ?? [];
        if (baseUrl is null && !read.IsDevelopment)
            read.Fault("Setting Server:BaseUrl is missing: the public address of the FHIR base, such as `https://care.example/fhir`");
        if (baseUrl is not null && !BaseAddresses.IsBase(baseUrl)) read.Fault($"Setting Server:BaseUrl is `{baseUrl}`; {Allowed}");
        foreach (var address in accepted)
            if (!BaseAddresses.IsBase(address)) read.Fault($"Setting Server:AcceptedBaseUrls has `{address}`; {Allowed}");
        return new(baseUrl?.TrimEnd('/'), [.. accepted.Where(BaseAddresses.IsBase)]);
    }

    /// <summary>The part before `/fhir` in the path of the public address: a proxy may pass it on or leave it off.</summary>
    public string PathBase =>
        BaseUrl is { } url && new Uri(url).AbsolutePath is var path && path.EndsWith(FhirBase.Path, StringComparison.Ordinal)
        ? path[..^FhirBase.Path.Length] : "";
}
