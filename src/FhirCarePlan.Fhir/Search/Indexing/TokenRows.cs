using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Search.Indexing;

/// <summary>https://hl7.org/fhir/R4/search.html#token</summary>
internal static class TokenRows
{
    public static void Add(Node value, RowWriter into)
    {
        switch (value.Type.Name)
        {
            case "CodeableConcept":
                foreach (var coding in value.All("coding")) Coding(coding, into);
                if (value["text"] is { IsMissing: false } text) TextAlone(text, text.Text, into);
                break;
            case "Coding": Coding(value, into); break;
            case "Identifier":
                Identifier(value, into);
                if (into.Parameter.OfType is { } ofType) ByType(value, ofType, into);
                break;
            case "ContactPoint":
                if (value["value"] is { IsMissing: false, HasValue: true })
                    Write(value, value.TextOf("system"), value.TextOf("value"), null, into);
                break;
            default:
                if (value.Type.IsPrimitive && value.HasValue) Write(value, "", value.Text, null, into);
                break;
        }
    }

    private static void Coding(Node coding, RowWriter into) =>
        Write(coding, coding.TextOf("system"), coding.TextOf("code"), coding.TextOf("display"), into);

    /// <summary>Also where a reference holds one, for `:identifier`.</summary>
    public static void Identifier(Node identifier, RowWriter into) =>
        Write(identifier, identifier.TextOf("system"), identifier.TextOf("value"), identifier["type"].TextOf("text"), into);

    /// <summary>For `:of-type`. https://hl7.org/fhir/R4/search.html#token</summary>
    private static void ByType(Node identifier, SearchParameter ofType, RowWriter into)
    {
        if (identifier.TextOf("value") is not { } value) return;
        foreach (var coding in identifier["type"].All("coding"))
            if (coding.TextOf("code") is { } code)
                into.Write(new IndexEntry(ofType, SearchType.Token, identifier.Index)
                {
                    System = coding.TextOf("system") ?? "", Value = $"{code}{SearchParameter.Joint}{value}".ToLowerInvariant(),
                });
    }

    private static void Write(Node node, string? system, string? code, string? text, RowWriter into)
    {
        if (code is null && text is null && system is null) return;
        into.Write(new IndexEntry(into.Parameter, SearchType.Token, node.Index)
        {
            System = system ?? "", Value = code?.ToLowerInvariant(), Text = text is null ? null : NormalText.Of(text),
        });
    }

    private static void TextAlone(Node node, string? text, RowWriter into)
    {
        if (text != null)
            into.Write(new IndexEntry(into.Parameter, SearchType.Token, node.Index) { System = "", Text = NormalText.Of(text) });
    }
}
