namespace FhirCarePlan.Storage.Sqlite.Auditing;

/// <summary>What audit rows are found by. An index kept up to date row by row would write several pages at random places for each read
/// of the service; so rows are indexed by the block, sorted, appended in small steps beside the groups that are committed anyway.</summary>
internal sealed class AuditFacets(Connection connection)
{
    public const int Id = 1, Person = 2, Patient = 3, Party = 4, Holder = 5, Agent = 6, Refusal = 7, Target = 8, Policy = 9;

    /// <summary>Rows per block: more make writing cheaper, fewer make a search's walk over the newest rows shorter.</summary>
    public const int BlockSize = 4096;
    private const int RowsPerStep = 512;

    private readonly List<(int Facet, string Value, long Seq)> pending = [];
    private int written;
    private long block, first, last, oldest, newest;

    public bool HasWork(long head) => pending.Count > 0 || head - LastIndexed >= BlockSize;

    /// <summary>The newest row that blocks cover.</summary>
    public long LastIndexed { get; private set; }

    public void ReadProgress()
    {
        using var done = connection.Use("SELECT coalesce(max(no), 0), coalesce(max(last), 0) FROM audit_block");
        done.Step();
        block = done.Int64(0) + 1;
        LastIndexed = done.Int64(1);
    }

    /// <summary>After a rollback or at the start: what was gathered but not recorded is gathered again.</summary>
    public void Forget()
    {
        pending.Clear();
        written = 0;
    }

    /// <summary>One small step, inside the open transaction. A block counts from its row in audit_block on; before, nobody reads it.</summary>
    public void Step(long head)
    {
        if (!HasWork(head)) return;
        if (pending.Count == 0 && !Gather(head)) return;
        var until = Math.Min(written + RowsPerStep, pending.Count);
        for (; written < until; written++)
        {
            var (facet, value, seq) = pending[written];
            connection.Use("INSERT OR IGNORE INTO audit_facet (block, facet, value, seq) VALUES (?1, ?2, ?3, ?4)")
                .Bind(1, block).Bind(2, facet).Bind(3, value).Bind(4, seq).Run();
        }
        if (written < pending.Count) return;
        connection.Use("INSERT OR IGNORE INTO audit_block (no, first, last, at_min, at_max) VALUES (?1, ?2, ?3, ?4, ?5)")
            .Bind(1, block).Bind(2, first).Bind(3, last).Bind(4, oldest).Bind(5, newest).Run();
        Forget();
        block++;
        LastIndexed = last;
    }

    private bool Gather(long head)
    {
        ReadProgress();
        if (head - LastIndexed < BlockSize) return false;
        (first, last, oldest, newest) = (LastIndexed + 1, LastIndexed + BlockSize, long.MaxValue, long.MinValue);
        using var rows = connection.Use("""
            SELECT seq, at, is_permitted, id, person, patient, party, holder, agent, target, policies
            FROM audit_payload WHERE seq BETWEEN ?1 AND ?2
            """).Bind(1, first).Bind(2, last);
        while (rows.Step())
        {
            var seq = rows.Int64(0);
            oldest = Math.Min(oldest, rows.Int64(1));
            newest = Math.Max(newest, rows.Int64(1));
            Add(Id, rows.TextOrNull(3), seq);
            Add(Person, rows.TextOrNull(4), seq);
            Add(Patient, rows.TextOrNull(5), seq);
            Add(Party, rows.TextOrNull(6), seq);
            Add(Holder, rows.TextOrNull(7), seq);
            Add(Agent, rows.TextOrNull(8), seq);
            Add(Target, rows.TextOrNull(9), seq);
            if (rows.Int64(2) == 0) Add(Refusal, "", seq);
            foreach (var policy in AuditSeal.SplitPolicies(rows.Text(10))) Add(Policy, policy, seq);
        }
        pending.Sort(static (a, b) => a.Facet != b.Facet ? a.Facet.CompareTo(b.Facet)
            : string.CompareOrdinal(a.Value, b.Value) is var order and not 0 ? order : a.Seq.CompareTo(b.Seq));
        return true;
    }

    private void Add(int facet, string? value, long seq)
    {
        if (value is not null) pending.Add((facet, value, seq));
    }
}
