using System.Collections.Concurrent;
using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search.Indexing;

namespace FhirCarePlan.Fhir.Search;

/// <summary>The values that a resource can be found by, for every search parameter of its type. https://hl7.org/fhir/R4/search.html
/// Expressions are compiled when the first resource of a type comes; several threads may use it.</summary>
/// <param name="zone">The zone of dates without an offset.</param>
public sealed class IndexExtractor(SearchParameters parameters, TimeZoneInfo zone, TimeProvider clock)
{
    /// <summary>Raise it whenever the same resource gives other rows than before: part of `SearchParameters.Fingerprint`.</summary>
    internal const string Generation = "6";

    private readonly ConcurrentDictionary<string, IndexRules> types = new(StringComparer.Ordinal);
    private readonly FhirPathContext context = new(clock) { Resolve = NamedTarget.Stub };

    /// <summary>`_id` and `_lastUpdated` are left out: the store keeps both with the resource.</summary>
    /// <param name="withWords">Also what `_text` and `_content` look for: a row for each text, by far the most.</param>
    public List<IndexEntry> Extract(Document document, bool withWords = false)
    {
        var rows = new List<IndexEntry>(32);
        var writer = new RowWriter(zone, context, rows);
        var root = document.Root;
        types.GetOrAdd(root.Type.Name, Compile).Walk(root, writer);
        if (withWords) WordRows.Add(root, parameters.Narrative(root.Type.Name), parameters.Content(root.Type.Name), rows);
        return rows;
    }

    /// <summary>The mask of a row: all labels of its node and of the nodes below it.</summary>
    /// <param name="labels">By node index of the same document.</param>
    public static long LabelOf(Document document, in IndexEntry entry, ReadOnlySpan<long> labels) =>
        Union(document[entry.Node], labels) | (entry.Also is { } also ? Union(document[also], labels) : 0);

    private static long Union(Node node, ReadOnlySpan<long> labels)
    {
        var mask = labels[node.Index];
        foreach (var child in node.Children) mask |= Union(child, labels);
        return mask;
    }

    private IndexRules Compile(string type) => new(parameters.For(type).Where(parameter => parameter.Code is not ("_id" or "_lastUpdated")));
}
