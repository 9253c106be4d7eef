namespace FhirCarePlan.Server.Settings;

/// <summary>The path of the FHIR interface on this server.</summary>
public static class FhirBase
{
    public const string Path = "/fhir";
}
