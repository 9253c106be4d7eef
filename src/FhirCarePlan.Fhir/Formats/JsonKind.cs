using FhirCarePlan.Fhir.Definitions;

namespace FhirCarePlan.Fhir.Formats;

/// <summary>How the value of a primitive type is written in JSON. https://hl7.org/fhir/R4/json.html#primitive</summary>
internal enum JsonKind { None, String, Number, Boolean }

internal static class JsonKinds
{
    public static JsonKind JsonKind(this TypeInfo type) => type.Name switch
    {
        "boolean" => Formats.JsonKind.Boolean,
        "integer" or "decimal" or "positiveInt" or "unsignedInt" => Formats.JsonKind.Number,
        _ => Formats.JsonKind.String,
    };
}
