using FhirCarePlan.Fhir.Definitions;

namespace FhirCarePlan.Fhir.Search.Indexing;

/// <summary>The elements that a parameter looks at, as far as its expression is a plain path.</summary>
internal static class Elements
{
    /// <summary>Null when this part of the expression is not a plain path.</summary>
    public static IEnumerable<ElementInfo?> Of(SearchParameter parameter) => ParameterExpression.Parts(parameter.Expression)
        .Select(part => IndexPath.TryCompile(parameter.ResourceType, part)?.ElementOf(R4.Type(parameter.ResourceType)));

    /// <summary>One of the token's elements is of this type.</summary>
    public static bool Has(SearchParameter parameter, string type) => parameter is { Type: SearchType.Token, IsCondition: false }
        && Of(parameter).Any(element => element?.Types is { } types && types.Any(t => t.TypeName == type));
}
