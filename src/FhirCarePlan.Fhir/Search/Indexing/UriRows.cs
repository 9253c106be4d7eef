using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Search.Indexing;

/// <summary>https://hl7.org/fhir/R4/search.html#uri</summary>
internal static class UriRows
{
    public static void Add(Node value, RowWriter into)
    {
        if (!value.Type.IsPrimitive || value.Text is not { } address) return;
        Write(value, address, into);
        if (IsOwnAddress(value) && value.Document.Root["version"] is { IsMissing: false, Text: { } version } at)
            into.Write(new IndexEntry(into.Parameter, SearchType.Uri, value.Index) { Value = $"{address}|{version}", Also = at.Index });
        if (value.Type.Name == "canonical" && address.IndexOf('|') is > 0 and var bar) Write(value, address[..bar], into);
    }

    /// <summary>A definition's own canonical, which is found with its version too. https://hl7.org/fhir/R4/references.html#canonical</summary>
    private static bool IsOwnAddress(Node value) => value is { Name: "url", Parent.IsRoot: true };

    private static void Write(Node node, string address, RowWriter into) =>
        into.Write(new IndexEntry(into.Parameter, SearchType.Uri, node.Index) { Value = address });
}
