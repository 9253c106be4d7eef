using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Storage.Tests.Search;

/// <summary>The right answer of a search, decided resource by resource in memory, as naively as the contracts read.</summary>
internal sealed class Oracle
{
    internal sealed record Stored(StoredVersion Current, IReadOnlyList<StoredVersion> Versions, IReadOnlyList<IndexRow> Index);

    public Dictionary<string, Stored> Resources { get; } = [];
    public Dictionary<string, Person> Persons { get; } = [];
    public List<Backing> Backings { get; } = [];

    /// <summary>Keys `Type/id` in order, each with its mask and the version id that the caller sees.</summary>
    public List<(Stored Resource, long Mask, string VersionId)> Matches(SearchQuery query, SearchScope scope)
    {
        var matches = new List<(Stored Resource, long Mask, StoredVersion Seen)>();
        foreach (var resource in Resources.Values)
        {
            if (resource.Current.Type != query.Type || Mask(resource, scope) is not { } mask) continue;
            var seen = Seen(resource, mask);
            var rows = resource.Index.Where(row => (row.Labels & ~mask) == 0).Select(row => row.Entry).ToList();
            if (Finds(query, resource, seen, rows, scope) && IsWithin(query, resource, rows) && IsDated(query, rows)) matches.Add((resource, mask, seen));
        }
        var ordered = matches.OrderBy(_ => 0);
        foreach (var key in query.Sort)
        {
            ordered = ordered.ThenBy(match => SortValue(match.Resource, match.Mask, match.Seen, key) is null);
            ordered = key.Descending
                ? ordered.ThenByDescending(match => SortValue(match.Resource, match.Mask, match.Seen, key), Values)
                : ordered.ThenBy(match => SortValue(match.Resource, match.Mask, match.Seen, key), Values);
        }
        return [.. ordered.ThenBy(match => match.Resource.Current.Id, StringComparer.Ordinal).Select(match => (match.Resource, match.Mask, match.Seen.VersionId))];
    }

    private bool Finds(SearchQuery query, Stored resource, StoredVersion seen, List<IndexEntry> rows, SearchScope scope) =>
        query.Ids.All(any => any.Contains(resource.Current.Id))
        && query.LastUpdated.All(any => any.Any(value => InOrder(value.Prefix, seen.LastUpdated.UtcTicks, seen.LastUpdated.UtcTicks, value.Low, value.High)))
        && query.Criteria.All(criterion => Holds(criterion, rows)) && query.Chains.All(chain => Leads(chain, resource, rows, scope))
        && query.Filters.All(filter => Holds(filter, one => Finds(one, resource, seen, rows, scope)));

    private static bool Holds(Filter filter, Func<SearchQuery, bool> finds) => filter switch
    {
        Filter.Is one => finds(one.Query),
        Filter.All all => all.Of.All(f => Holds(f, finds)),
        Filter.Any any => any.Of.Any(f => Holds(f, finds)),
        Filter.Not not => !Holds(not.Of, finds),
        _ => throw new NotSupportedException(),
    };

    /// <summary>Each step is a search of its own in the caller's view.</summary>
    private bool Leads(Chain chain, Stored from, List<IndexEntry> rows, SearchScope scope) => chain.Targets.Any(target => Matches(target, scope).Any(found => chain.IsReverse
        ? found.Resource.Index.Where(row => (row.Labels & ~found.Mask) == 0).Any(row => Refers(row.Entry, chain.By, from.Current))
        : rows.Any(row => Refers(row, chain.By, found.Resource.Current))));

    private static bool Refers(IndexEntry row, SearchParameter by, StoredVersion to) =>
        row.Parameter.Id == by.Id && row.Kind == SearchType.Reference && row.System == to.Type && row.Value == to.Id;

    /// <summary>Null: not there for this caller.</summary>
    public long? Mask(Stored resource, SearchScope scope) => resource.Current.IsDeleted ? null : MaskOf(resource, scope);

    /// <summary>The same of a deletion, too.</summary>
    private long? MaskOf(Stored resource, SearchScope scope)
    {
        var (current, key) = (resource.Current, scope.Key);
        var standing = new Standing(null, 0);
        if (current.Person is { } person)
        {
            var kinds = Backings.Where(r => r.Person == person && r.Opens(current.Holder, current.Type, current.Id) && r.Party == key.Party && (r.Actor is null || key.Actors.Contains(r.Actor))
                && r.From <= key.Now && (r.To is null || r.To > key.Now)).Aggregate(0L, (all, r) => all | r.Kind);
            standing = new Standing(Persons[person].ConsentClass, kinds | (person == key.SelfPerson ? key.SelfKind : 0));
        }
        var isNamed = ((RowsView)scope.View).Rows.Any(row => row.Type == current.Type);
        foreach (var row in ((RowsView)scope.View).Rows)
        {
            if (row.Type != (isNamed ? current.Type : null) || row.Standing != standing || row.IsOwn != (current.Holder == key.Party)) continue;
            return row.Mask != 0 && (current.RootMask & ~row.Mask) == 0 ? row.Mask : null;
        }
        return null;
    }

    private static bool IsWithin(SearchQuery query, Stored resource, List<IndexEntry> rows) => query.Within is not { } within
        || query.Type == within.Type && within.Ids.Contains(resource.Current.Id)
        || rows.Any(row => row.Kind == SearchType.Reference && within.Ids.Contains(row.Value) && row.System == within.Type && within.By.Any(p => p.Id == row.Parameter.Id));

    private static bool IsDated(SearchQuery query, List<IndexEntry> rows) => query.Dated is not { } span
        || rows.Where(row => row.Kind == SearchType.Date).ToList() is var dates && (dates.Count == 0 || dates.Exists(d => d.Low <= span.High && d.High >= span.Low));

    /// <summary>Version ids in the caller's view, newest first: all of a resource that the caller sees as a whole, of another the current one;
    /// with the content that is shown under it.</summary>
    public List<(string VersionId, byte[] Body)> Versions(HistoryQuery query, SearchScope scope)
    {
        var versions = new List<(StoredVersion Version, byte[] Body)>();
        foreach (var resource in Resources.Values.Where(r => r.Current.Type == query.Type))
        {
            if (MaskOf(resource, scope) is not { } mask) continue;
            var all = resource.Versions;
            if ((query.Whole & ~mask) != 0) versions.Add((Seen(resource, mask), resource.Current.Body));
            else
                versions.AddRange(all.Where((v, n) => (v.RootMask & ~mask) == 0
                    && (query.At is not { } at || all.Skip(n + 1).All(later => later.LastUpdated.UtcTicks > at.Low))).Select(v => (v, v.Body)));
        }
        return [.. versions.Where(v => (query.Since is not { } since || v.Version.LastUpdated.UtcTicks >= since) && (query.At is not { } at || v.Version.LastUpdated.UtcTicks <= at.High))
            .OrderByDescending(v => v.Version.LastUpdated).ThenByDescending(v => int.Parse(v.Version.VersionId[1..])).Select(v => (v.Version.VersionId, v.Body))];
    }

    private static StoredVersion Seen(Stored resource, long mask) =>
        resource.Versions.LastOrDefault(version => version.Changes.Any(change => (change & ~mask) == 0)) ?? resource.Versions[0];

    private static bool Holds(Criterion criterion, List<IndexEntry> rows)
    {
        if (criterion.Parameter.Type is SearchType.Composite or SearchType.Quantity or SearchType.Special && criterion.Modifier == Modifier.None)
            return criterion.AnyOf.Any(value => rows.Any(row => row.Parameter.Id == (value.In ?? criterion.Parameter).Id && row.Key == value.Key
                && Meets(criterion with { Parameter = criterion.Parameter.Pair?.Value ?? criterion.Parameter }, row with { Kind = criterion.Parameter.Pair?.Value.Type ?? row.Kind }, value)));
        var mine = rows.Where(row => row.Parameter.Id == criterion.Parameter.Id).ToList();
        return criterion.Modifier switch
        {
            Modifier.Missing => (mine.Count == 0) == (criterion.AnyOf[0].Text == "true"),
            Modifier.Not => !mine.Any(row => criterion.AnyOf.Any(value => IsToken(row, value))),
            _ => mine.Any(row => criterion.AnyOf.Any(value => Meets(criterion, row, value))),
        };
    }

    private static bool Meets(Criterion criterion, IndexEntry row, QueryValue value) => (criterion.Parameter.Type, criterion.Modifier) switch
    {
        (SearchType.Token, Modifier.Text) => row.Text?.StartsWith(value.Text!, StringComparison.Ordinal) == true,
        (SearchType.Token, _) or (SearchType.Reference, Modifier.Identifier) => IsToken(row, value),
        (SearchType.Reference, _) => row.Kind == SearchType.Reference
            && (value.Text is not null ? row.Text == value.Text : row.Value == value.Value && (value.System is null || value.System == row.System)),
        (SearchType.String, Modifier.Exact) => row.Text == value.Text,
        (SearchType.String, Modifier.Contains) => row.Value!.Contains(value.Value!, StringComparison.Ordinal),
        (SearchType.String, Modifier.Same) => row.Value == value.Value,
        (SearchType.String, Modifier.Ends) => row.Value!.EndsWith(value.Value!, StringComparison.Ordinal),
        (SearchType.String, Modifier.Text) => value.Value!.Split(' ').All(word => row.Value!.Split(' ').Any(w => w.StartsWith(word, StringComparison.Ordinal))),
        (SearchType.String, _) => row.Value!.StartsWith(value.Value!, StringComparison.Ordinal),
        (SearchType.Uri, Modifier.Below) => row.Value == value.Value || row.Value!.StartsWith(value.Value!.TrimEnd('/') + "/", StringComparison.Ordinal),
        (SearchType.Uri, Modifier.Above) => row.Value == value.Value || value.Value!.StartsWith(row.Value!.TrimEnd('/') + "/", StringComparison.Ordinal),
        (SearchType.Uri, _) => row.Value == value.Value,
        (SearchType.Special, _) => row.Text!.Split(' ').Contains(value.Value),
        (SearchType.Date, _) => InOrder(value.Prefix, row.Low, row.High, value.Low, value.High),
        (SearchType.Number, _) => InOrder(value.Prefix, row.NumberLow, row.NumberHigh, value.NumberLow, value.NumberHigh),
        _ => InOrder(value.Prefix, row.NumberLow, row.NumberHigh, value.NumberLow, value.NumberHigh)
            && (value.System is null || value.System == row.System) && (value.Value is null || value.Value == row.Value || (value.Text != null && value.Text == row.Text)),
    };

    private static bool IsToken(IndexEntry row, QueryValue value) => row.Kind == SearchType.Token && (row.Value != null || !string.IsNullOrEmpty(row.System))
        && (value.System is null || value.System == row.System) && (value.Value is null || value.Value == row.Value);

    private static bool InOrder<T>(Prefix prefix, T low, T high, T first, T last) where T : IComparable<T> => prefix switch
    {
        Prefix.Eq => low.CompareTo(first) >= 0 && high.CompareTo(last) <= 0,
        Prefix.Ne => low.CompareTo(first) < 0 || high.CompareTo(last) > 0,
        Prefix.Gt => high.CompareTo(last) > 0,
        Prefix.Lt => low.CompareTo(first) < 0,
        Prefix.Ge => high.CompareTo(first) >= 0,
        Prefix.Le => low.CompareTo(last) <= 0,
        Prefix.Sa => low.CompareTo(last) > 0,
        Prefix.Eb => high.CompareTo(first) < 0,
        _ => low.CompareTo(last) <= 0 && high.CompareTo(first) >= 0,
    };

    private static readonly Comparer<object?> Values = Comparer<object?>.Create((a, b) => a is string text ? string.CompareOrdinal(text, (string?)b) : Comparer<object?>.Default.Compare(a, b));

    private static object? SortValue(Stored resource, long mask, StoredVersion seen, SortKey key)
    {
        if (key.Parameter is null) return key.Special == "_lastUpdated" ? seen.LastUpdated.UtcTicks : resource.Current.Id;
        var values = resource.Index.Where(row => (row.Labels & ~mask) == 0 && row.Entry.Parameter.Id == key.Parameter.Id && row.Entry.Kind == key.Parameter.Type)
            .Select(row => (object?)(key.Parameter.Type switch
            {
                SearchType.Date => key.Descending ? row.Entry.High : row.Entry.Low,
                SearchType.Number or SearchType.Quantity => row.Entry.Number,
                SearchType.Reference => row.Entry.Value is null ? row.Entry.Text : $"{row.Entry.System}/{row.Entry.Value}",
                _ => row.Entry.Value,
            })).Where(value => value is not null).Order(Values);
        return key.Descending ? values.LastOrDefault() : values.FirstOrDefault();
    }

    /// <summary>The page's other resources, in no order.</summary>
    public HashSet<string> Brought(SearchQuery query, SearchScope scope, List<(Stored Resource, long Mask, string VersionId)> page)
    {
        var matches = page.Select(match => $"{match.Resource.Current.Type}/{match.Resource.Current.Id}").ToHashSet();
        var brought = Brought(query.Includes, query.RevIncludes, scope, page.Select(m => (m.Resource, m.Mask)));
        brought.ExceptWith(matches);
        for (var last = -1; last < brought.Count;)
        {
            last = brought.Count;
            brought.UnionWith(Brought([.. query.Includes.Where(i => i.IsIterated)], [.. query.RevIncludes.Where(i => i.IsIterated)], scope, [.. brought.Select(r => (Resources[r], Mask(Resources[r], scope)!.Value))]));
            brought.ExceptWith(matches);
        }
        return brought;
    }

    private HashSet<string> Brought(IReadOnlyList<Include> includes, IReadOnlyList<Include> revIncludes, SearchScope scope, IEnumerable<(Stored Resource, long Mask)> from)
    {
        var brought = new HashSet<string>();
        foreach (var (resource, mask) in from)
        {
            var self = $"{resource.Current.Type}/{resource.Current.Id}";
            foreach (var include in includes.Where(include => include.SourceType == resource.Current.Type))
                foreach (var target in Targets(resource, mask, include))
                    if (Resources.TryGetValue(target, out var there) && Mask(there, scope) is not null) brought.Add(target);
            foreach (var include in revIncludes.Where(include => include.TargetType is null || include.TargetType == resource.Current.Type))
                foreach (var (reference, other) in Resources)
                    if (other.Current.Type == include.SourceType && Mask(other, scope) is { } otherMask && Targets(other, otherMask, include with { TargetType = null }).Contains(self)) brought.Add(reference);
        }
        return brought;
    }

    private static IEnumerable<string> Targets(Stored resource, long mask, Include include) => resource.Index
        .Where(row => (row.Labels & ~mask) == 0 && row.Entry.Kind == SearchType.Reference && row.Entry.Value != null
            && (include.Parameter is null || include.Parameter.Id == row.Entry.Parameter.Id) && (include.TargetType is null || include.TargetType == row.Entry.System))
        .Select(row => $"{row.Entry.System}/{row.Entry.Value}");
}
