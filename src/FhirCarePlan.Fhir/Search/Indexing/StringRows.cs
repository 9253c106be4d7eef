using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Search.Indexing;

/// <summary>Each part of a name or an address is a row of its own. https://hl7.org/fhir/R4/search.html#string</summary>
internal static class StringRows
{
    public static void Add(Node value, RowWriter into)
    {
        switch (value.Type.Name)
        {
            case "HumanName" or "Address":
                foreach (var part in value.Children)
                    if (part.Type.Name == "string") Write(part, into); // all but use, type and period
                break;
            case "CodeableConcept":
                if (value["text"] is { IsMissing: false } text) Write(text, into);
                break;
            default:
                if (value.Type.IsPrimitive) Write(value, into);
                break;
        }
    }

    private static void Write(Node node, RowWriter into)
    {
        if (node.Text is { } text)
            into.Write(new IndexEntry(into.Parameter, SearchType.String, node.Index) { Value = NormalText.Of(text), Text = text });
    }
}
