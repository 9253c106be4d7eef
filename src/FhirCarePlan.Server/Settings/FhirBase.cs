namespace FhirCarePlan.Server.Settings;

/// <summary>Where the FHIR interface lies on this server.</summary>
public static class FhirBase
{
    public const string Path = "/fhir";
}
