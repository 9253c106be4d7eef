using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Storage.Auditing;

/// <summary>Answers a question block by block, newest or oldest first, with row sets that never contain what the reader may not
/// see.</summary>
internal sealed class LedgerSearch(Connection connection, LedgerReader reader, LedgerTail tail, LedgerKey key, AuditQuery query)
{
    private readonly AuditQuery query = query;
    private readonly Dictionary<(string, string), ulong> keys = [];
    private long head, erased, indexed;

    public AuditPage Find()
    {
        if (query.Reader.Person is not null && query.Criteria.Any(c => c.AnyOf.Any(v => v.Facet is AuditFacet.Entity or AuditFacet.Policy)))
            throw new NotSupportedException("The details of one person's events have no index of their own");
        head = LedgerHead.Read(connection, stackalloc byte[32], out erased);
        indexed = LastIndexed();
        var total = 0;
        var page = new List<long>();
        foreach (var block in Blocks())
        {
            var isCounting = query.WantsTotal && total <= query.MostCounted;
            if (!isCounting && (page.Count > query.Count || query.Count == 0)) break;
            if (!isCounting && IsBeforePage(block) || Rows(block) is not { } rows) continue;
            total += rows.Count;
            foreach (var row in rows.InOrder(query.IsAscending))
            {
                if (page.Count > query.Count) break;
                var seq = LedgerBlocks.FirstOf(block) + row;
                if (query.After is not { } after || (query.IsAscending ? seq > after : seq < after)) page.Add(seq);
            }
        }
        var entries = page.Take(query.Count).Select(See).OfType<AuditEntry>().ToList();
        return new AuditPage(entries, query.WantsTotal && total <= query.MostCounted ? total : null, query.Count > 0 && page.Count > query.Count ? page[query.Count - 1]
            : null);
    }

    /// <summary>The blocks before the page's first event need no look once nobody counts.</summary>
    private bool IsBeforePage(long block) => query.After is { } after
        && (query.IsAscending ? block < LedgerBlocks.BlockOf(after + 1) : block > LedgerBlocks.BlockOf(Math.Max(1, after - 1)));

    private AuditEntry? See(long seq) => reader.Row(seq) is { } closing ? query.Reader.See(reader.Whole(seq, closing)) : null;

    private long LastIndexed()
    {
        using var last = connection.Use("SELECT coalesce(max(no), 0) FROM ledger_block");
        last.Step();
        return last.Int64(0);
    }

    private IEnumerable<long> Blocks()
    {
        if (query.Reader is { Party: null, Person: null } || head == erased) yield break;
        var (first, last) = (LedgerBlocks.BlockOf(erased + 1), LedgerBlocks.BlockOf(head));
        for (var i = first; i <= last; i++) yield return query.IsAscending ? i : last - (i - first);
    }

    /// <summary>The rows of one block that meet the question; null for none.</summary>
    private RowSet? Rows(long block)
    {
        var (first, last) = (Math.Max(LedgerBlocks.FirstOf(block), erased + 1), Math.Min(LedgerBlocks.FirstOf(block + 1) - 1, head));
        return block <= indexed ? Stored(block, first) : tail.Ask(reader, block, last, facets =>
            Rows(facets.Events.Copy(), facet => facets.Find(facet), row => facets.Times[row])?
                .Within(first - LedgerBlocks.FirstOf(block), last - LedgerBlocks.FirstOf(block)));
    }

    private RowSet? Stored(long block, long first)
    {
        RowSet events;
        bool meetsDates;
        using (var stored = connection.Use("SELECT at_min, at_max, events FROM ledger_block WHERE no = ?1").Bind(1, block))
        {
            if (!stored.Step() || !query.Dates.All(any => any.Any(date => DateMatch.MayHold(date, stored.Int64(0), stored.Int64(1)))))
                return null;
            meetsDates = query.Dates.All(any => any.Any(date => DateMatch.MustHold(date, stored.Int64(0), stored.Int64(1))));
            events = RowSet.Unpack(stored.Bytes(2));
        }
        if (first > LedgerBlocks.FirstOf(block)) events.Within(first - LedgerBlocks.FirstOf(block), RowSet.Rows);
        return Rows(events, facet => Find(block, facet), meetsDates ? null : row => TimeOf(LedgerBlocks.FirstOf(block) + row));
    }

    /// <param name="timeOf">Null when every row meets the dates asked for.</param>
    private RowSet? Rows(RowSet events, Func<ulong, RowSet?> find, Func<int, long>? timeOf)
    {
        var sides = new Sides(this, find);
        var rows = sides.Visible(events);
        foreach (var criterion in query.Criteria)
        {
            if (rows.IsEmpty) return null;
            var met = new RowSet();
            foreach (var value in criterion.AnyOf) met.Or(sides.Of(value));
            rows = criterion.IsNot ? rows.Without(met) : rows.And(met);
        }
        if (query.Dates.Count > 0 && timeOf is not null)
            foreach (var row in rows.Copy().InOrder(isAscending: true))
                if (timeOf(row) is var time && !query.Dates.All(any => any.Any(date => DateMatch.Holds(date, time)))) rows.Remove(row);
        return rows.IsEmpty ? null : rows;
    }

    /// <summary>The reader's view of a block.</summary>
    private readonly struct Sides(LedgerSearch search, Func<ulong, RowSet?> find)
    {
        private AuditReader Reader => search.query.Reader;

        public RowSet Visible(RowSet events)
        {
            if (Reader.Person is { } person) return events.And(Detail(EntryFacets.Person, person));
            if (Reader.IsOwner) return events;
            return events.And(Own().Or(Find(EntryFacets.Holder, Reader.Party!)));
        }

        public RowSet? Of(AuditValue value) =>
            value.Facet is AuditFacet.Entity or AuditFacet.Policy ? Detail(value.Facet.ToString(), value.Value)
                : Find(value.Facet.ToString(), value.Value);

        private RowSet Detail(string facet, string value)
        {
            var plain = new RowSet().Or(Find(facet, value));
            if (Reader.Party is not { } party) return plain.Or(Find(EntryFacets.Refused(facet), value));
            if (Reader.IsOwner) return plain.Or(new RowSet().Or(Find(EntryFacets.Refused(facet), value)).Without(Own()));
            return plain.And(Own()).Or(Find(EntryFacets.Of(facet, party), value));
        }

        private RowSet Own() => new RowSet().Or(Find(nameof(AuditFacet.Party), Reader.Party!));

        private RowSet? Find(string facet, string value) => find(search.KeyOf(facet, value));
    }

    private ulong KeyOf(string facet, string value) => keys.TryGetValue((facet, value), out var known) ? known
        : keys[(facet, value)] = key.IndexKey(facet, value);

    private RowSet? Find(long block, ulong facet)
    {
        using (var row = connection.Use("SELECT rows FROM ledger_facet WHERE block = ?1 AND key = ?2").Bind(1, block).Bind(2, (long)facet))
            if (row.Step()) return RowSet.Unpack(row.Bytes(0));
        using var bundle = connection.Use("SELECT entries FROM ledger_bundle WHERE block = ?1 AND first <= ?2 ORDER BY first DESC LIMIT 1")
            .Bind(1, block).Bind(2, FacetBundle.Short(facet));
        return bundle.Step() ? FacetBundle.Find(bundle.Bytes(0), facet) : null;
    }

    private long TimeOf(long seq)
    {
        using var row = connection.Use("SELECT payload FROM ledger WHERE seq = ?1").Bind(1, seq);
        return row.Step() ? SealedEntry.TicksOf(row.Bytes(0)) : 0;
    }
}
