using FhirCarePlan.Fhir.Definitions.Published;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Server.Core;

/// <summary>Searches the definitions that the server works by, which are not in the database. The index values of a type are extracted when
/// it is first searched, and compared as the store compares its rows.</summary>
public sealed class CatalogueSearch(Catalogue catalogue, IndexExtractor extractor)
{
    private readonly Dictionary<string, Lazy<Indexed[]>> indexed = Catalogue.Types.ToDictionary(t => t, t => new Lazy<Indexed[]>(() => Index(catalogue, extractor, t)));

    private sealed record Indexed(CatalogueEntry Entry, List<IndexEntry> Rows);

    /// <summary>The definitions that match the query, in order of their canonicals. They have no `_lastUpdated`.</summary>
    public List<CatalogueEntry> Find(SearchQuery query)
    {
        var found = new List<CatalogueEntry>();
        if (query.LastUpdated.Count > 0) return found;
        foreach (var (entry, rows) in indexed[query.Type].Value)
            if (query.Ids.All(any => any.Contains(entry.Id)) && query.Criteria.All(c => Meets(rows, c))) found.Add(entry);
        return found;
    }

    private static Indexed[] Index(Catalogue catalogue, IndexExtractor extractor, string type)
    {
        var all = new List<Indexed>();
        foreach (var entry in catalogue.All(type))
        {
            // What cannot be read as R4 cannot be served either.
            using var document = JsonParser.Parse(entry.Head(), new Report(), Catalogue.Limits);
            if (document != null) all.Add(new Indexed(entry, extractor.Extract(document)));
        }
        return [.. all];
    }

    private static bool Meets(List<IndexEntry> rows, Criterion criterion)
    {
        var own = rows.Where(r => r.Parameter.Id == criterion.Parameter.Id);
        if (criterion.Modifier == Modifier.Missing) return own.Any() == (criterion.AnyOf[0].Text == "false");
        var any = own.Any(r => criterion.AnyOf.Any(v => Matches(r, v, criterion.Modifier)));
        return criterion.Modifier == Modifier.Not ? !any : any;
    }

    /// <summary>As QueryValue says; numbers and quantities no definition has but in a use context, which is not searched by here.</summary>
    private static bool Matches(in IndexEntry row, QueryValue value, Modifier modifier)
    {
        switch (row.Kind)
        {
            case SearchType.String:
                return modifier switch
                {
                    Modifier.Exact => row.Text == value.Text,
                    Modifier.Contains => row.Value!.Contains(value.Value!, StringComparison.Ordinal),
                    _ => row.Value!.StartsWith(value.Value!, StringComparison.Ordinal),
                };
            case SearchType.Token when modifier == Modifier.Text: return row.Text?.StartsWith(value.Text!, StringComparison.Ordinal) == true;
            case SearchType.Token: return (value.System == null || row.System == value.System) && (value.Value == null || row.Value == value.Value);
            case SearchType.Uri: return row.Value == value.Value;
            case SearchType.Reference:
                return value.Text != null ? row.Text == value.Text : row.Value == value.Value && (value.System == null || row.System == value.System);
            case SearchType.Date:
                return value.Prefix switch
                {
                    Prefix.Ne => !(row.Low >= value.Low && row.High <= value.High),
                    Prefix.Gt => row.High > value.High,
                    Prefix.Lt => row.Low < value.Low,
                    Prefix.Ge => row.High >= value.Low,
                    Prefix.Le => row.Low <= value.High,
                    Prefix.Sa => row.Low > value.High,
                    Prefix.Eb => row.High < value.Low,
                    Prefix.Ap => row.Low <= value.High && row.High >= value.Low,
                    _ => row.Low >= value.Low && row.High <= value.High,
                };
            default: return false;
        }
    }
}
