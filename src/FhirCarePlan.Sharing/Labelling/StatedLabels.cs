using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Labelling;

/// <summary>The security labels that a resource states of itself as a whole: in `meta.security`, and where its type has an element of its own
/// for them. https://hl7.org/fhir/R4/security-labels.html, https://hl7.org/fhir/R4/documentreference-definitions.html#DocumentReference.securityLabel,
/// https://hl7.org/fhir/R4/composition-definitions.html#Composition.confidentiality</summary>
internal static class StatedLabels
{
    /// <summary>A concept that is told in words alone has no code: nobody can say what it asks for.</summary>
    public static IEnumerable<(string? System, string? Code)> Of(Node resource)
    {
        foreach (var coding in resource["meta"].All("security")) yield return Coded(coding);
        if (resource.Type.Element("securityLabel") != null)
            foreach (var concept in resource.All("securityLabel"))
            {
                if (concept["coding"].IsMissing) yield return (null, null);
                foreach (var coding in concept.All("coding")) yield return Coded(coding);
            }
        if (resource.Type.Element("confidentiality") != null && resource["confidentiality"] is { IsMissing: false } stated)
            yield return (Confidentiality.System, stated.Text);
    }

    private static (string? System, string? Code) Coded(Node coding) => (coding.TextOf("system"), coding.TextOf("code"));
}
