using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.FhirPath;

namespace FhirCarePlan.Sharing;

/// <summary>Is a category's type one of R4, and its filter or path FHIRPath?</summary>
internal static class CategoryExpression
{
    public static bool IsType(string name) => R4.Type(name) is { IsResource: true, IsAbstract: false };

    /// <summary>Null when all is well.</summary>
    public static string? Fault(string type, string expression)
    {
        if (!IsType(type)) return $"`{type}` is not a resource type.";
        try
        {
            FhirPathExpression.Compile(expression);
            return null;
        }
        catch (FhirPathException error)
        {
            return $"`{expression}` is no FHIRPath: {error.Message}";
        }
    }
}
