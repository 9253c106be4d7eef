namespace FhirCarePlan.Storage.Search;

/// <summary>The keys of everything that can be in a small view. A search that starts from them does work in proportion to what the caller
/// sees, whatever is hidden (src/docs/sharing.md#leaks, 45). It only narrows: the decisions decide. Table `near` holds the root masks that
/// may show of each of the few persons (-1: of what is about nobody).</summary>
internal static class SmallViewSql
{
    /// <summary>One row if the caller's party, or the caller, has ties now to more than so many persons.</summary>
    public static SqlText HasMorePersons(ViewSql view, int than)
    {
        var sql = new SqlText().Add($"SELECT DISTINCT person FROM (");
        InForce(sql, view, new("k.person"));
        return sql.Add($") t LIMIT 1 OFFSET {(long)than}");
    }

    /// <summary>The ties in force, person by person: person, class, regard, kind.</summary>
    public static SqlText Ties(ViewSql view)
    {
        var sql = new SqlText().Add($"SELECT t.person, p.consent_class, t.regard, t.kind FROM (");
        InForce(sql, view, new("k.person, k.regard, k.kind"));
        return sql.Add($") t CROSS JOIN person p ON p.no = t.person ORDER BY t.person");
    }

    /// <summary>Those of the party and those of each actor have an index each: a carer's one tie is not looked for among all carers'.</summary>
    private static void InForce(SqlText sql, ViewSql view, Sql columns)
    {
        var now = view.Key.Now.UtcTicks;
        sql.Add($"SELECT {columns} FROM backing k WHERE k.party = {view.Key.Party} AND k.actor = '' AND k.since <= {now} AND k.until > {now}");
        foreach (var actor in view.Key.Actors)
            sql.Add($" UNION ALL SELECT {columns} FROM backing k WHERE k.party = {view.Key.Party} AND k.actor = {actor} AND k.actor <> '' AND k.since <= {now} AND k.until > {now}");
    }

    /// <param name="ownRoots">The party's own resources with these roots are in its view without any tie to the person.</param>
    public static void Keys(SqlText sql, string type, ViewSql view, IReadOnlyList<long> ownRoots)
    {
        // Own and others' separately: a permission on one must not lead past what is hidden of the other.
        foreach (var isOwn in (ReadOnlySpan<bool>)[false, true])
        {
            sql.Add($"SELECT r.key AS resource FROM near n CROSS JOIN resource r ON r.person = n.person AND r.type = {type} AND r.root_mask = n.root AND r.holder ");
            Holder(isOwn);
            sql.Add($" WHERE n.is_own = {(isOwn ? 1L : 0L)} AND n.person >= 0 UNION ALL SELECT r.key FROM near n CROSS JOIN resource r ON r.person IS NULL AND r.type = {type} AND r.root_mask = n.root AND r.holder ");
            Holder(isOwn);
            sql.Add($" WHERE n.is_own = {(isOwn ? 1L : 0L)} AND n.person = -1");
            if (!isOwn) sql.Add($" UNION ALL ");
        }
        foreach (var root in ownRoots)
            sql.Add($" UNION ALL SELECT r.key FROM resource r WHERE r.type = {type} AND r.root_mask = {root} AND r.holder = {view.Key.Party}");

        void Holder(bool isOwn) => _ = isOwn ? sql.Add($"= {view.Key.Party}") : sql.Add($"<> {view.Key.Party}");
    }
}
