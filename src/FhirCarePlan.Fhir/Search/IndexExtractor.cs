using System.Collections.Concurrent;
using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search.Indexing;

namespace FhirCarePlan.Fhir.Search;

/// <summary>What a resource can be found by: its values for every parameter of its type. https://hl7.org/fhir/R4/search.html
/// Expressions are compiled when the first resource of a type comes; safe from several threads.</summary>
/// <param name="zone">Whose days dates without an offset are.</param>
/// <param name="baseUrl">This server's own address without a slash at the end: references that begin with it are local.</param>
public sealed class IndexExtractor(SearchParameters parameters, TimeZoneInfo zone, TimeProvider clock, string? baseUrl = null)
{
    /// <summary>Raise it whenever the same resource gives other rows than before: part of `SearchParameters.Fingerprint`.</summary>
    internal const string Generation = "1";

    private readonly ConcurrentDictionary<string, Compiled[]> types = new(StringComparer.Ordinal);
    private readonly References references = new(baseUrl);
    private readonly FhirPathContext context = new(clock) { Resolve = new References(baseUrl).Resolve };

    /// <summary>`_id` and `_lastUpdated` are left out: the store keeps both with the resource.</summary>
    public List<IndexEntry> Extract(Document document)
    {
        var rows = new List<IndexEntry>(32);
        var writer = new RowWriter(references, zone, context, rows);
        var root = document.Root;
        foreach (var (parameter, steps) in types.GetOrAdd(root.Type.Name, Compile))
        {
            writer.Begin(parameter);
            foreach (var step in steps) step.Walk(root, writer);
        }
        return rows;
    }

    /// <summary>The mask of a row: all labels of its node and of what lies below it.</summary>
    /// <param name="labels">By node index of the same document.</param>
    public static long LabelOf(Document document, in IndexEntry entry, ReadOnlySpan<long> labels) => Union(document[entry.Node], labels);

    private static long Union(Node node, ReadOnlySpan<long> labels)
    {
        var mask = labels[node.Index];
        foreach (var child in node.Children) mask |= Union(child, labels);
        return mask;
    }

    private Compiled[] Compile(string type)
    {
        var compiled = new List<Compiled>();
        foreach (var parameter in parameters.For(type))
            if (parameter.Code is not ("_id" or "_lastUpdated"))
                try { compiled.Add(new Compiled(parameter, IndexExpression.Compile(parameter))); }
                catch (NotImplementedException) { } // until the FHIRPath engine lands: two parameters of R4 need it
        return [.. compiled];
    }

    private readonly record struct Compiled(SearchParameter Parameter, IIndexStep[] Steps);
}
