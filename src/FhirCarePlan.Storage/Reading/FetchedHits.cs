using System.Collections;

namespace FhirCarePlan.Storage.Reading;

/// <summary>The hits of a page, held as keys and masks; the resources are read in their turn, a slice at a time.</summary>
internal sealed class FetchedHits(List<SearchReader.Match> found, int matches, int slice, Func<IReadOnlyList<SearchReader.Match>, List<StoredVersion>> fetch)
    : IReadOnlyList<SearchHit>
{
    private List<StoredVersion> read = [];
    private int from;

    public int Count => found.Count;

    public SearchHit this[int index]
    {
        get
        {
            if (index < from || index >= from + read.Count)
                (from, read) = (index, fetch(found.GetRange(index, Math.Min(slice, found.Count - index))));
            var match = found[index];
            return new SearchHit(read[index - from], match.Mask, match.Decision.IsOwn, Decided.StandingOf(match.Decision), index >= matches);
        }
    }

    public IEnumerator<SearchHit> GetEnumerator()
    {
        for (var i = 0; i < found.Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
