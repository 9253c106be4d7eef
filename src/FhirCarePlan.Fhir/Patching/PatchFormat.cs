namespace FhirCarePlan.Fhir.Patching;

/// <summary>The three forms of a patch. https://hl7.org/fhir/R4/http.html#patch</summary>
public enum PatchFormat { /* a Parameters resource */ FhirPath, Json, Xml }

/// <summary>Their media types. A FHIRPath Patch comes as any resource does.</summary>
public static class PatchTypes
{
    public const string Json = "application/json-patch+json", Xml = "application/xml-patch+xml";

    /// <summary>With those of a FHIRPath Patch, which is a resource.</summary>
    public const string All = $"{Json}, {Xml}, application/fhir+json, application/fhir+xml";

    /// <summary>Null for a media type that is not a patch's own.</summary>
    public static PatchFormat? Of(string mediaType) =>
        mediaType.Equals(Json, StringComparison.OrdinalIgnoreCase) ? PatchFormat.Json
        : mediaType.Equals(Xml, StringComparison.OrdinalIgnoreCase) ? PatchFormat.Xml : null;
}
