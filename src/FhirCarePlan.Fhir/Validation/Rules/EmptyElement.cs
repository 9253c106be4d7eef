using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>`ele-1`: an element has a value or children; an `id` alone is neither. https://hl7.org/fhir/R4/element.html#invs</summary>
internal static class EmptyElement
{
    public static void Check(Node element, Run run)
    {
        for (var child = element.FirstChild; !child.IsMissing; child = child.NextSibling)
            if (child.Name != "id") return;
        run.Error(IssueType.Invariant, element, "ele-1", $"`{element.Name}` has neither a value nor content");
    }
}
