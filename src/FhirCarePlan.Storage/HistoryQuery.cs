using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Storage;

/// <summary>Asks for the versions of all resources of a type in the caller's view, newest first.
/// https://hl7.org/fhir/R4/http.html#history, src/docs/sharing.md#versions-and-time</summary>
/// <param name="Whole">All categories that resources of the type can carry. A caller who is permitted them sees every version of a resource,
/// another caller the current one alone, under the version id and time of the newest change that they see.</param>
/// <param name="Count">The page holds so many, and one more where there is one.</param>
public sealed record HistoryQuery(string Type, long Whole, int Count)
{
    /// <summary>Not before, in UTC ticks.</summary>
    public long? Since { get; init; }
    /// <summary>Only versions that were current at some time in this span.</summary>
    public DateRange? At { get; init; }
    /// <summary>Only what comes behind this; null: from the newest.</summary>
    public HistoryPlace? After { get; init; }
}

/// <summary>Where a version is in a history, of one type or of all.</summary>
/// <param name="Number">The store's own; later versions have greater ones.</param>
public readonly record struct HistoryPlace(long Time, long Number) : IComparable<HistoryPlace>
{
    public int CompareTo(HistoryPlace other) => Time != other.Time ? Time.CompareTo(other.Time) : Number.CompareTo(other.Number);
}

/// <summary>A version in a caller's view, not read yet.</summary>
public sealed class HistoryRow
{
    internal HistoryRow(HistoryPlace place, long resource, bool isWhole, long mask, bool isOwn, Standing standing) =>
        (Place, Resource, IsWhole, Mask, IsOwn, Standing) = (place, resource, isWhole, mask, isOwn, standing);

    public HistoryPlace Place { get; }
    internal long Resource { get; }
    internal bool IsWhole { get; }
    internal long Mask { get; }
    internal bool IsOwn { get; }
    internal Standing Standing { get; }
}

/// <param name="Hit">The version; in a partial view the current content under the version id and time that this caller sees, with that
/// version's method.</param>
/// <param name="IsCreation">It made the resource, or made it anew after a deletion. Never true in a partial view.</param>
public readonly record struct HistoryHit(SearchHit Hit, bool IsCreation);
