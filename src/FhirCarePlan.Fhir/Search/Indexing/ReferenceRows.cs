using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Search.Indexing;

/// <summary>https://hl7.org/fhir/R4/search.html#reference</summary>
internal static class ReferenceRows
{
    public static void Add(Node value, RowWriter into)
    {
        if (value.Type.Name == "Reference") AddReference(value, into);
        else if (value.Type.IsResource) Resource(value, into);
        else if (value.Type.IsPrimitive && value.Text is { } address) Canonical(value, address, into);
    }

    private static void AddReference(Node reference, RowWriter into)
    {
        var identifier = reference["identifier"];
        if (!identifier.IsMissing) TokenRows.Identifier(identifier, into);
        var address = reference.TextOf("reference");
        if (address != null) Write(reference, address, into);
        else if (identifier.IsMissing) Write(reference, "", into);
    }

    /// <summary>`url|version` is found with and without its version.</summary>
    private static void Canonical(Node node, string address, RowWriter into)
    {
        Write(node, address, into);
        if (address.IndexOf('|') is > 0 and var bar) Write(node, address[..bar], into);
    }

    /// <summary>`Bundle.entry[0].resource`: the resource itself, in place of a reference.</summary>
    private static void Resource(Node resource, RowWriter into)
    {
        if (resource["id"] is { IsMissing: false } id && id.Text is { } text)
            into.Write(new IndexEntry(into.Parameter, SearchType.Reference, id.Index) { System = resource.Type.Name, Value = text });
    }

    private static void Write(Node node, string address, RowWriter into)
    {
        var target = Reference.Parse(address);
        into.Write(target.IsLocal
            ? new IndexEntry(into.Parameter, SearchType.Reference, node.Index) { System = target.Type, Value = target.Id }
            : new IndexEntry(into.Parameter, SearchType.Reference, node.Index) { System = "", Text = target.Address ?? "" });
    }
}
