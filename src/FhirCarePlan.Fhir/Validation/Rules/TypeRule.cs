using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>Allows only some of the types that base R4 allows.
/// https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type</summary>
internal sealed class TypeRule(string[] allowed, bool isChoice, string profile) : IRule
{
    public void Check(Node node, Run run)
    {
        foreach (var type in allowed)
            if (Is(node, type)) return;
        run.Error(IssueType.Structure, node, isChoice ? "choice" : "type",
            $"`{node.Name}` has the type `{node.Type.Name}`; it must be {string.Join(" or ", allowed.Select(a => $"`{a}`"))}", profile);
    }

    /// <summary>Of a choice the very type counts, although a markdown is a string; a backbone element has a type of its own name.</summary>
    public static bool Is(Node node, string type) =>
        node.Type.Name == type || (node.Element is not { IsChoice: true } && node.Type.Is(type))
        || (type is "BackboneElement" or "Element" && node.Type.Kind == TypeKind.Backbone);
}
