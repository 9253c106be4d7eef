using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Care;

/// <summary>The names by which the rules of care ask for a reference; what one is, `Reference` says.</summary>
internal static class References
{
    public static (string Type, string Id)? Local(Node reference) => Reference.Of(reference) is ({ } type, { } id) ? (type, id) : null;
    public static string? LocalText(Node reference) => Reference.Of(reference).Local;
}
