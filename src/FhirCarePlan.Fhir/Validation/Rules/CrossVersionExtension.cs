namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>Elements of other versions of FHIR, used in R4 as extensions. Modifiers there are modifiers here.
/// https://hl7.org/fhir/versions.html#extensions</summary>
internal static class CrossVersionExtension
{
    private static readonly string[] Modifiers =
    [
        "http://hl7.org/fhir/1.0/StructureDefinition/extension-Patient.animal",
        "http://hl7.org/fhir/3.0/StructureDefinition/extension-Patient.animal",
        "http://hl7.org/fhir/5.0/StructureDefinition/extension-DeviceRequest.doNotPerform",
    ];

    public static bool IsModifier(string url) => Modifiers.Contains(url);
}
