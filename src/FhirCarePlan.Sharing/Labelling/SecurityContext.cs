using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Labelling;

/// <summary>The security context of a Binary: the resource that it is treated as. Who may not see that one does not see the Binary.
/// https://hl7.org/fhir/R4/binary.html#security</summary>
internal static class SecurityContext
{
    public const string Type = "Binary", Element = "securityContext";

    /// <summary>A Binary is the content of a document, and in the document's categories alone. Any other context only adds its categories to the
    /// Binary's own, because what is read beside a CarePlan, say, may hold everything that a view leaves out of it.</summary>
    public static string? Document(Node resource) =>
        resource.Type.Name == Type && Reference.Of(resource[Element]) is { IsLocal: true, Type: "DocumentReference", Local: { } document } ? document : null;
}
