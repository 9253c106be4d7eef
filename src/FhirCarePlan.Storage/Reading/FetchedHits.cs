using System.Collections;

namespace FhirCarePlan.Storage.Reading;

/// <summary>The hits of a page, held as keys and masks; each resource is read in its turn.</summary>
internal sealed class FetchedHits(List<SearchReader.Match> found, int matches, Func<SearchReader.Match, bool, SearchHit> fetch)
    : IReadOnlyList<SearchHit>
{
    public int Count => found.Count;
    public SearchHit this[int index] => fetch(found[index], index >= matches);

    public IEnumerator<SearchHit> GetEnumerator()
    {
        for (var i = 0; i < found.Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
