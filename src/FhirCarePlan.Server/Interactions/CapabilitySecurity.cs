using System.Text.Json;
using FhirCarePlan.Server.Core;

namespace FhirCarePlan.Server.Interactions;

/// <summary>The capability statement's word on security: tokens, SMART, and where the provider is, in the extension that SMART defines.
/// https://hl7.org/fhir/smart-app-launch/conformance.html</summary>
internal static class CapabilitySecurity
{
    private const string OauthUris = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris", Services = "http://terminology.hl7.org/CodeSystem/restful-security-service";

    public static void Write(Utf8JsonWriter json, SmartAddresses? smart, bool hasCors)
    {
        json.WriteStartObject("security");
        if (smart is { Authorize: { } authorize, Token: { } token })
        {
            json.WriteStartArray("extension");
            json.WriteStartObject();
            json.WriteStartArray("extension");
            Address(json, "authorize", authorize);
            Address(json, "token", token);
            if (smart.Introspect is { } introspect) Address(json, "introspect", introspect);
            if (smart.Revoke is { } revoke) Address(json, "revoke", revoke);
            json.WriteEndArray();
            json.WriteString("url", OauthUris);
            json.WriteEndObject();
            json.WriteEndArray();
        }
        json.WriteBoolean("cors", hasCors);
        json.WriteStartArray("service");
        Service(json, "OAuth");
        Service(json, "SMART-on-FHIR");
        json.WriteEndArray();
        json.WriteString("description", "A bearer token (JWT) names the client, and by it the party of the sharing agreement, the role and one purpose of use. "
            + "Scopes of SMART App Launch 2 narrow what the agreement decides; .well-known/smart-configuration says where tokens come from. Every answer is the caller's own view.");
        json.WriteEndObject();
    }

    private static void Address(Utf8JsonWriter json, string name, string address)
    {
        json.WriteStartObject();
        json.WriteString("url", name);
        json.WriteString("valueUri", address);
        json.WriteEndObject();
    }

    private static void Service(Utf8JsonWriter json, string code)
    {
        json.WriteStartObject();
        json.WriteStartArray("coding");
        json.WriteStartObject();
        json.WriteString("system", Services);
        json.WriteString("code", code);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
