using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing.Writing;

namespace FhirCarePlan.Sharing.Labelling;

/// <summary>The element of a resource that says whom it is about: it carries the resource's own labels alone, since who may know of the
/// resource knows the person. sharing.md §1.2</summary>
internal static class PersonReference
{
    public static bool Is(ElementInfo element)
    {
        if (element.Name is not ("subject" or "patient" or "for" or "beneficiary" or "individual")) return false;
        foreach (var choice in element.Types)
            foreach (var target in choice.Targets)
                if (target == "Patient") return true;
        return false;
    }

    /// <summary>Text of the reference to the person, `Patient/x`; null when there is none. Whatever points at the same says nothing new.</summary>
    public static string? Of(Node resource) => References.Local(References.PersonElement(resource)) is ("Patient", var id) && resource.Type.Name != "Provenance" ? $"Patient/{id}" : null;
}
