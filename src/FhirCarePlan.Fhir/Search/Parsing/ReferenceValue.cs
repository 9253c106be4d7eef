using FhirCarePlan.Fhir.Search.Indexing;

namespace FhirCarePlan.Fhir.Search.Parsing;

/// <summary>https://hl7.org/fhir/R4/search.html#reference</summary>
internal static class ReferenceValue
{
    public const string Allowed = "id, Type/id or an address";

    /// <param name="type">Of `subject:Patient=…`; null without it.</param>
    public static QueryValue? Read(string text, string? type, string? baseUrl)
    {
        text = Escapes.Remove(text);
        if (ReferenceTarget.IsId(text)) return new QueryValue { System = type, Value = text };
        var target = ReferenceTarget.Of(text, baseUrl);
        if (target.IsLocal) return type is null || type == target.Type ? new QueryValue { System = target.Type, Value = target.Id } : null;
        return text.Contains(':') && !target.IsContained ? new QueryValue { Text = target.Address } : null;
    }
}
