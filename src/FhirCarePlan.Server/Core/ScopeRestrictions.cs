using System.Collections.Concurrent;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Sharing.Labelling;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Core;

/// <summary>The search behind a scope (`patient/Observation.rs?category=laboratory`), read by the rules of every search, and asked of one
/// resource here, of many by the store.</summary>
public sealed class ScopeRestrictions(QueryParser queries, IndexExtractor extractor)
{
    private const int MostKept = 5_000;

    /// <summary>Kinds that are compared alike here and in the database.</summary>
    private static readonly SearchType[] compared = [SearchType.Token, SearchType.String, SearchType.Uri, SearchType.Reference, SearchType.Date];

    private readonly ConcurrentDictionary<(string Type, string Text), IReadOnlyList<Criterion>?> known = new();

    /// <summary>Null for one that cannot be understood, or asks for more than plain values of this type: it grants nothing.</summary>
    public IReadOnlyList<Criterion>? Of(string type, string text)
    {
        if (known.TryGetValue((type, text), out var criteria)) return criteria;
        if (known.Count >= MostKept) known.Clear();
        return known[(type, text)] = Read(type, text);
    }

    private List<Criterion>? Read(string type, string text)
    {
        // Whatever is not a filter by content (`_count`, `_include`, `_id`) is not meant here.
        if (queries.Parse(type, text, new Report()) is not
            {
                Criteria.Count: > 0, Ids.Count: 0, LastUpdated.Count: 0, Sort.Count: 0, Elements.Count: 0,
                Includes.Count: 0, RevIncludes.Count: 0, Total: null, Summary: SummaryMode.False, Page: null
            } query)
            return null;
        return query.Criteria.All(c => c.Modifier == Modifier.None && c.TypeModifier is null && c.AnyOf.Count > 0 && compared.Contains(c.Parameter.Type))
            ? [.. query.Criteria] : null;
    }

    /// <summary>Over the values that may be seen under the mask: a hidden one meets nothing.</summary>
    public bool Meets(StoredVersion version, long permitted, IReadOnlyList<Criterion> criteria)
    {
        if (version.IsDeleted || JsonParser.Parse(version.Body, new Report()) is not { } document) return false;
        using (document)
        {
            var masks = LabelBytes.Unpack(version.Labels);
            var seen = extractor.Extract(document).FindAll(row => (IndexExtractor.LabelOf(document, row, masks) & ~permitted) == 0);
            return criteria.All(c => RowMatch.Meets(seen, c));
        }
    }
}
