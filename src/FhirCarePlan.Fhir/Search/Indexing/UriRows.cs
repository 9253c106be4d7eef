using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Search.Indexing;

/// <summary>https://hl7.org/fhir/R4/search.html#uri</summary>
internal static class UriRows
{
    public static void Add(Node value, RowWriter into)
    {
        if (!value.Type.IsPrimitive || value.Text is not { } address) return;
        Write(value, address, into);
        if (value.Type.Name == "canonical" && address.IndexOf('|') is > 0 and var bar) Write(value, address[..bar], into);
    }

    private static void Write(Node node, string address, RowWriter into) =>
        into.Write(new IndexEntry(into.Parameter, SearchType.Uri, node.Index) { Value = address });
}
