namespace FhirCarePlan.Server.Core;

/// <summary>Where the provider of tokens is asked, as far as it is known: null for what it does not offer.
/// https://hl7.org/fhir/smart-app-launch/conformance.html</summary>
public sealed record SmartAddresses(string? Authorize, string? Token, string? Introspect, string? Revoke);
