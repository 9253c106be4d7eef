using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Care;

/// <summary>A CPA plan is a whole unless it is part of an active one: a `partOf` that leads nowhere, to another kind of plan or to a plan that
/// has ended does not exempt it from the rules for whole plans (X4, X7, X9, X18).</summary>
internal static class Whole
{
    public static bool IsWhole(this ICase around, Node plan)
    {
        foreach (var reference in plan.All("partOf"))
            if (around.Find(reference) is { Type: "CarePlan", Document.Root: var other } && other != plan && Cpa.IsActivePlan(other))
                return false;
        return true;
    }
}
