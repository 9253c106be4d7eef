using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Storage.Search;

namespace FhirCarePlan.Storage.Reading;

/// <summary>Finds out whether a caller's view of a type is small, and starts the search from it. Only what the caller may see has a say, so
/// the choice tells nothing.</summary>
internal sealed class SmallViews(Connection connection)
{
    /// <summary>Beyond these a search starts from its narrowest criterion.</summary>
    public const int MostPersons = 200, MostResources = 1_000;

    private (int Class, bool IsOwn, long Root)[] near = [];

    /// <summary>Writes the keys that can be in view; null when they are too many.</summary>
    public Action<SqlText>? Of(string type, IReadOnlyList<PermittedRow> permitted, ViewSql view)
    {
        var rows = permitted.Where(r => r.Type == type).ToList();
        if (rows.Count == 0) rows = [.. permitted.Where(r => string.IsNullOrEmpty(r.Type))];
        // Rows that show no root there is (labels alone, say) lead to nothing.
        var roots = Roots(type);
        rows.RemoveAll(row => !roots.Exists(root => (root & ~row.Mask) == 0));
        // Others' data that is open without a tie to the person: by a consent, or, if no consent is needed either, of everybody.
        var openClasses = rows.Where(r => r is { IsOwn: false, Standing: { ConsentClass: not null, Kinds: 0 } })
            .Select(r => r.Standing.ConsentClass!.Value).Distinct().ToList();
        if (Count(sql => SmallViewSql.Persons(sql, view, openClasses), MostPersons) > MostPersons) return null;
        var ownWithoutTie = rows.Exists(r => r is { IsOwn: true, Standing: { ConsentClass: not null, Kinds: 0 } });
        Fill(rows, roots);
        return Count(Keys, MostResources) > MostResources ? null : Keys;

        void Keys(SqlText sql) => SmallViewSql.Keys(sql, type, view, openClasses, ownWithoutTie);
    }

    private int Count(Action<SqlText> what, int most)
    {
        var sql = new SqlText(connection.Dialect).Add($"SELECT count(*) FROM (SELECT 1 FROM (");
        what(sql);
        sql.Add($") found LIMIT {most + 1}) few");
        using var count = connection.UseShape(sql.ToString()).BindAll(sql.Values);
        count.Step();
        return count.Int32(0);
    }

    /// <summary>The few different root masks of a type, each found by one step down the index.</summary>
    private List<long> Roots(string type)
    {
        var roots = new List<long>();
        using var rows = connection.Use("""
            WITH RECURSIVE root (mask) AS
            (
                SELECT min(root_mask) FROM resource WHERE type = ?1
                UNION ALL
                SELECT (SELECT min(root_mask) FROM resource WHERE type = ?1 AND root_mask > root.mask) FROM root WHERE root.mask IS NOT NULL
            )
            SELECT mask FROM root WHERE mask IS NOT NULL
            """).Bind(1, type);
        while (rows.Step()) roots.Add(rows.Int64(0));
        return roots;
    }

    private void Fill(List<PermittedRow> rows, List<long> roots)
    {
        var wanted = rows.SelectMany(row => roots.Where(root => (root & ~row.Mask) == 0)
            .Select(root => (row.Standing.ConsentClass ?? (int)ViewSql.NoPerson, row.IsOwn, root))).Distinct().ToArray();
        if (wanted.AsSpan().SequenceEqual(near)) return;
        near = [];
        connection.Use("DELETE FROM near").Run();
        foreach (var (consentClass, isOwn, root) in wanted)
            connection.Use("INSERT INTO near (class, is_own, root) VALUES (?1, ?2, ?3)").Bind(1, consentClass).Bind(2, isOwn ? 1 : 0)
                .Bind(3, root).Run();
        near = wanted;
    }
}
