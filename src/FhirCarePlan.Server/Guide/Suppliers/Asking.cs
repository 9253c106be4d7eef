using FhirCarePlan.Server.Authentication;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Settings;

namespace FhirCarePlan.Server.Guide.Suppliers;

/// <summary>How this server is asked from a shell: at the address in use, with a token of the provider in use.</summary>
public sealed class Asking(OwnAddresses own, AuthenticationSettings authentication, ServerSettings settings, Personas personas)
{
    /// <summary>`http://localhost:5080/fhir`.</summary>
    public string Base => own.BaseUrl;

    public string Root => Base.EndsWith(FhirBase.Path, StringComparison.Ordinal) ? Base[..^FhirBase.Path.Length] : Base;

    /// <summary>Tokens are given to invented people.</summary>
    public bool HasPersonas => authentication.HasDevIssuer;

    /// <summary>The invented people of the samples are here.</summary>
    public bool HasSamples => settings.LoadsSamples;

    public AuthenticationSettings Authentication => authentication;

    /// <summary>The persona of this id if it speaks for a party here, else the first that does.</summary>
    public Persona Somebody(string id) => personas.Find(id) is { Party: not null } wanted ? wanted
        : personas.All.FirstOrDefault(p => p.Party != null) ?? personas.All[0];

    /// <summary>Puts a token into `$token` and prints how it begins.</summary>
    internal string TokenFor(string persona) => HasPersonas
        ? $"token=$(curl -s {Root}/dev/token -d grant_type=client_credentials -d client_id={persona} | {Taken}); echo \"$token\" | cut -c 1-12"
        : $"token=$(curl -s [token_endpoint] -d grant_type=client_credentials -d client_id=[you] -d client_secret=[secret] | {Taken}); echo \"$token\" | cut -c 1-12";

    private const string Taken = "sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/'";

    internal string Get(string address) => $"curl -s -H \"Authorization: Bearer $token\" '{Base}/{address}'";
}
