using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Formats;

/// <summary>What a body may measure. https://hl7.org/fhir/R4/http.html</summary>
public sealed record ParseLimits(int Depth = 60, int StringBytes = 1 << 20, int NumberDigits = 64, int Exponent = 400)
{
    public static ParseLimits Default { get; } = new();
}

/// <summary>Reads FHIR JSON guided by the definitions: one pass over the bytes gives a typed tree. https://hl7.org/fhir/R4/json.html</summary>
public static partial class JsonParser
{
    /// <summary>Null when the source is not JSON, not FHIR's shape or beyond the limits; the report then has errors, all of one
    /// source at once where possible. The document keeps the given bytes, so they must not change while it lives.</summary>
    public static Document? Parse(ReadOnlyMemory<byte> utf8, Report report, ParseLimits? limits = null) => throw new NotImplementedException();
}
