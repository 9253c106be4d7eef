using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Search.Indexing;

/// <summary>A composite parameter: each code of a node beside each value of the same node. Such a row has the labels of both.
/// https://hl7.org/fhir/R4/search.html#composite</summary>
/// <exception cref="FhirPathException">An expression is not FHIRPath.</exception>
internal sealed class IndexPair(SearchParameter parameter, Pair pair, string expression) : IIndexRule
{
    /// <summary>More codes and values on one node than any record has are not paired.</summary>
    private const int Most = 200;

    private readonly FhirPathExpression nodes = FhirPathExpression.Compile(expression), keys = FhirPathExpression.Compile(pair.KeyExpression),
        values = FhirPathExpression.Compile(pair.ValueExpression);

    public void Walk(Node root, RowWriter into)
    {
        var found = new List<Node>();
        try
        {
            nodes.Select(root, into.Context, found);
            foreach (var node in found) Walk(Rows(node, keys, pair.Key, into), Rows(node, values, pair.Value, into), into);
        }
        catch (FhirPathException) { } // what cannot be evaluated on this resource is not there
    }

    private void Walk(List<IndexEntry> codes, List<IndexEntry> beside, RowWriter into)
    {
        foreach (var code in codes.Where(c => c.Kind == SearchType.Token).Take(Most))
            foreach (var value in beside.Take(Most))
            {
                var of = value.Parameter.Id == pair.Value.Id ? parameter : value.Parameter.Id == pair.Value.InBase?.Id ? parameter.InBase : null;
                if (of is null || code.Parameter.Id != pair.Key.Id || value.Kind != pair.Value.Type) continue;
                foreach (var key in Keys(code)) into.Write(value with { Parameter = of, Kind = SearchType.Composite, Node = code.Node, Also = value.Node, Key = key });
            }
    }

    private static IEnumerable<string> Keys(IndexEntry code)
    {
        if (code.Value is { } alone)
        {
            yield return Pair.KeyOf(null, alone);
            yield return Pair.KeyOf(code.System, alone);
        }
        if (!string.IsNullOrEmpty(code.System)) yield return Pair.KeyOf(code.System, null);
    }

    private static List<IndexEntry> Rows(Node node, FhirPathExpression path, SearchParameter of, RowWriter like)
    {
        var (found, rows) = (new List<Node>(), new List<IndexEntry>());
        path.Select(node, like.Context, found);
        var writer = new RowWriter(like.Zone, like.Context, rows);
        writer.Begin(of);
        foreach (var value in found) writer.Add(value);
        return rows;
    }
}
