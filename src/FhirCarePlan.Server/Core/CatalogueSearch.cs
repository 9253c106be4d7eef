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
            if (Finds(query, entry, rows)) found.Add(entry);
        return found;

        static bool Finds(SearchQuery asked, CatalogueEntry entry, List<IndexEntry> rows) => asked.LastUpdated.Count == 0 && asked.Ids.All(any => any.Contains(entry.Id))
            && asked.Criteria.All(c => RowMatch.Meets(rows, c)) && asked.Filters.All(f => f.Holds(one => Finds(one, entry, rows)));
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
}
