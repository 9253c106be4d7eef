using FhirCarePlan.Storage.Engine;


namespace FhirCarePlan.Storage.Auditing;

/// <summary>Indexes the ledger by the block, in small steps beside the groups that are committed anyway. An index kept up to date row by
/// row would write several pages at random places for each read of the service.</summary>
internal sealed class LedgerBlocks(Connection connection, LedgerKey key)
{
    private const int RowsPerStep = 256, WritesPerStep = 512;

    private readonly LedgerTextCache texts = new();
    private FacetBlock? gathering;
    private List<(ulong Key, byte[] Rows)>? facets;
    private List<(long First, byte[] Entries)> bundles = [];
    private int gathered, written;

    /// <summary>The last block that is indexed; 0 before the first.</summary>
    public long Last { get; private set; }

    public bool HasWork(long head) => gathering is not null || head >= (Last + 1) * RowSet.Rows;

    public static long BlockOf(long seq) => (seq - 1) / RowSet.Rows + 1;
    public static long FirstOf(long block) => (block - 1) * RowSet.Rows + 1;

    public void ReadProgress()
    {
        using var last = connection.Use("SELECT coalesce(max(no), 0) FROM ledger_block");
        last.Step();
        Last = last.Int64(0);
    }

    /// <summary>After a rollback or at the start: gathers again what was gathered but not recorded.</summary>
    public void Forget()
    {
        gathering = null;
        facets = null;
        (bundles, gathered, written) = ([], 0, 0);
        texts.Forget();
    }

    /// <summary>One small step, inside the open transaction. A block counts once it has its row in ledger_block; before that nobody reads
    /// it.</summary>
    public void Step(long head)
    {
        if (!HasWork(head)) return;
        if (gathering is null)
        {
            ReadProgress();
            if (head < (Last + 1) * RowSet.Rows) return;
            gathering = new FacetBlock(key);
        }
        var block = Last + 1;
        if (gathered < RowSet.Rows) Gather(gathering, block, RowsPerStep);
        else if (facets is null) (facets, bundles) = Packed(gathering);
        else Write(block, WritesPerStep);
    }

    /// <summary>Indexes a block again after some of its rows were erased.</summary>
    public void Renew(long block)
    {
        Remove(block, block);
        Forget();
        var anew = new FacetBlock(key);
        while (gathered < RowSet.Rows) Gather(anew, block, RowSet.Rows);
        (facets, bundles) = Packed(anew);
        gathering = anew;
        while (gathering is not null) Write(block, int.MaxValue);
    }

    public void Remove(long first, long last)
    {
        connection.Use("DELETE FROM ledger_facet WHERE block BETWEEN ?1 AND ?2").Bind(1, first).Bind(2, last).Run();
        connection.Use("DELETE FROM ledger_bundle WHERE block BETWEEN ?1 AND ?2").Bind(1, first).Bind(2, last).Run();
    }

    /// <summary>The block as its rows make it, to compare with the stored one.</summary>
    public static FacetBlock Of(LedgerReader reader, LedgerKey key, long block)
    {
        var anew = new FacetBlock(key);
        foreach (var (seq, entry) in reader.Events(FirstOf(block), FirstOf(block + 1) - 1)) anew.Add((int)(seq - FirstOf(block)), entry);
        return anew;
    }

    public static (List<(ulong Key, byte[] Rows)> Facets, List<(long First, byte[] Entries)> Bundles) Packed(FacetBlock block)
    {
        var facets = new List<(ulong, byte[])>();
        var few = new List<(ulong Key, int Row)>();
        foreach (var (facet, rows) in block.InOrder)
            if (rows.Count > FacetBundle.MostRows) facets.Add((facet, RowSet.Of(rows).Pack()));
            else few.AddRange(rows.Select(row => (facet, row)));
        return (facets, [.. FacetBundle.Pack(few)]);
    }

    private void Gather(FacetBlock into, long block, int rows)
    {
        var first = FirstOf(block) + gathered;
        foreach (var (seq, entry) in new LedgerReader(connection, texts).Events(first, first + rows - 1))
            into.Add((int)(seq - FirstOf(block)), entry);
        gathered += rows;
    }

    private void Write(long block, int most)
    {
        for (; most > 0 && written < facets!.Count; written++, most--)
            connection.Use("INSERT INTO ledger_facet (block, key, rows) VALUES (?1, ?2, ?3) ON CONFLICT (block, key) DO UPDATE SET rows = excluded.rows")
                .Bind(1, block).Bind(2, (long)facets[written].Key).BindBlob(3, facets[written].Rows).Run();
        if (written < facets!.Count) return;
        foreach (var (first, entries) in bundles)
            connection.Use("""
                INSERT INTO ledger_bundle (block, first, entries) VALUES (?1, ?2, ?3) ON CONFLICT (block, first) DO UPDATE SET entries = excluded.entries
                """).Bind(1, block).Bind(2, first).BindBlob(3, entries).Run();
        connection.Use("""
            INSERT INTO ledger_block (no, at_min, at_max, events) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (no) DO UPDATE SET at_min = excluded.at_min, at_max = excluded.at_max, events = excluded.events
            """)
            .Bind(1, block).Bind(2, gathering!.Oldest).Bind(3, gathering.Newest).BindBlob(4, gathering.Events.Pack()).Run();
        Forget();
        if (block > Last) Last = block;
    }
}
