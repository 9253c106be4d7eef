using FhirCarePlan.Storage.Engine;
using System.Collections.Concurrent;

namespace FhirCarePlan.Storage.Auditing;

/// <summary>Rows of the ledger read back as the entries they were.</summary>
internal sealed class LedgerReader(Connection connection, LedgerTextCache texts)
{
    /// <summary>The row as it was sealed; null when its payload was erased.</summary>
    public AuditEntry? Row(long seq)
    {
        using var row = connection.Use("SELECT payload FROM ledger WHERE seq = ?1 AND salt IS NOT NULL").Bind(1, seq);
        return row.Step() ? Read(row.Bytes(0)) : null;
    }

    public AuditEntry Read(ReadOnlySpan<byte> payload) => SealedEntry.Read(payload, TextOf, ResourceOf);

    /// <summary>The event that this row closes, with all its parts.</summary>
    public AuditEntry Whole(long seq, AuditEntry closing)
    {
        List<AuditDetail>? details = null;
        using var parts = connection.Use("""
            SELECT l.payload FROM ledger_part p JOIN ledger l ON l.seq = p.part WHERE p.event = ?1 AND l.salt IS NOT NULL ORDER BY p.part
            """).Bind(1, seq);
        while (parts.Step()) (details ??= []).AddRange(Read(parts.Bytes(0)).Details);
        return details is null ? closing : closing with { Details = [.. details, .. closing.Details] };
    }

    /// <summary>The events that rows from `first` to `last` close, in order.</summary>
    public IEnumerable<(long Seq, AuditEntry Event)> Events(long first, long last)
    {
        var closing = new List<(long, AuditEntry)>();
        using (var rows = connection.Use("SELECT seq, payload FROM ledger WHERE seq BETWEEN ?1 AND ?2 AND salt IS NOT NULL").Bind(1, first)
            .Bind(2, last))
            while (rows.Step())
                if (!SealedEntry.IsPartOf(rows.Bytes(1))) closing.Add((rows.Int64(0), Read(rows.Bytes(1))));
        return closing.Select(row => (row.Item1, Whole(row.Item1, row.Item2)));
    }

    private string ResourceOf(long key)
    {
        using var row = connection.Use("SELECT type || '/' || id FROM resource WHERE key = ?1").Bind(1, key);
        return row.Step() ? row.Text(0) : throw new InvalidDataException("a row of the ledger names a resource that does not exist");
    }

    private string?[] TextOf(long number)
    {
        if (texts.Find(number) is { } known) return known;
        using var row = connection.Use("SELECT text FROM ledger_text WHERE no = ?1").Bind(1, number);
        return row.Step() ? texts.Keep(number, SealedEntry.Split(row.Text(0)))
            : throw new InvalidDataException("a row of the ledger names a text that does not exist");
    }
}

/// <summary>Texts by number, as they repeat in row after row. A number means one text for ever.</summary>
internal sealed class LedgerTextCache
{
    private const int Most = 100_000;
    private readonly ConcurrentDictionary<long, string?[]> known = new();

    public string?[]? Find(long number) => known.GetValueOrDefault(number);

    public string?[] Keep(long number, string?[] text)
    {
        if (known.Count >= Most) known.Clear();
        return known[number] = text;
    }

    public void Forget() => known.Clear();
}
