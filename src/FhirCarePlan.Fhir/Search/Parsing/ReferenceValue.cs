using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Search.Parsing;

/// <summary>https://hl7.org/fhir/R4/search.html#reference</summary>
internal static class ReferenceValue
{
    public const string Allowed = "id, Type/id or an address";

    /// <param name="type">Of `subject:Patient=…`; null without it.</param>
    public static QueryValue? Read(string text, string? type, BaseAddresses own)
    {
        text = Escapes.Remove(text);
        if (Reference.IsId(text)) return new QueryValue { System = type, Value = text };
        var target = Reference.Parse(text, own);
        if (target.IsLocal) return type is null || type == target.Type ? new QueryValue { System = target.Type, Value = target.Id } : null;
        return text.Contains(':') && target.Kind != ReferenceKind.Contained ? new QueryValue { Text = target.Address } : null;
    }

    /// <summary>References below our own address are stored relative, canonicals as they were written: an own address is looked for as
    /// both.</summary>
    public static QueryValue? AsWritten(string text, QueryValue read)
    {
        if (read.Value is null || !text.Contains(':')) return null;
        var written = Reference.Parse(Escapes.Remove(text));
        return written.IsLocal ? null : new QueryValue { Text = written.Address };
    }
}
