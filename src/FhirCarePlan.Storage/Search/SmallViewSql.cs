namespace FhirCarePlan.Storage.Search;

/// <summary>The keys of everything that can be in a small view. A search that starts from them does work in proportion to what the caller
/// sees, whatever is hidden (src/docs/sharing.md#leaks, 45). It only narrows: the view's own join decides. Table `near` holds the root
/// masks that some permitted row of a consent class shows.</summary>
internal static class SmallViewSql
{
    /// <summary>Persons to whom the caller's party, or the caller, has any tie now, and those whose consent opens something without
    /// one.</summary>
    public static SqlText Persons(SqlText sql, ViewSql view, IReadOnlyList<int> openClasses)
    {
        var now = view.Key.Now.UtcTicks;
        sql.Add($"SELECT DISTINCT k.person AS no FROM backing k WHERE k.party = {view.Key.Party} AND k.since <= {now} AND k.until > {now} AND k.actor IN ");
        sql.AddList(["", .. view.Key.Actors]);
        foreach (var consentClass in openClasses) sql.Add($" UNION SELECT no FROM person WHERE consent_class = {(long)consentClass}");
        return view.SelfPerson == 0 ? sql : sql.Add($" UNION SELECT {view.SelfPerson}");
    }

    /// <param name="ownWithoutTie">The party's own resources are in its view without any tie to the person.</param>
    public static void Keys(SqlText sql, string type, ViewSql view, IReadOnlyList<int> openClasses, bool ownWithoutTie)
    {
        var then = sql.Dialect.ThenJoin;
        // Own and others' separately: a permission on one must not lead past what is hidden of the other.
        foreach (var isOwn in (ReadOnlySpan<bool>)[false, true])
        {
            sql.Add($"SELECT r.key AS resource FROM (");
            Persons(sql, view, openClasses);
            sql.Add($") t {then} person p ON p.no = t.no {then} near n ON n.class = p.consent_class AND n.is_own = {(isOwn ? 1L : 0L)} {then} resource r ON r.person = p.no");
            Resource(isOwn);
            sql.Add($" UNION ALL SELECT r.key FROM near n {then} resource r ON r.person IS NULL");
            Resource(isOwn);
            sql.Add($" WHERE n.class = {new Sql(ViewSql.NoPerson.ToString())} AND n.is_own = {(isOwn ? 1L : 0L)}");
            if (!isOwn) sql.Add($" UNION ALL ");
        }
        if (!ownWithoutTie) return;
        sql.Add($" UNION ALL SELECT r.key FROM (SELECT DISTINCT root FROM near WHERE is_own = 1) n {then} resource r ON r.type = {type}");
        sql.Add($" AND r.root_mask = n.root AND r.holder = {view.Key.Party}");

        void Resource(bool isOwn)
        {
            sql.Add($" AND r.type = {type} AND r.root_mask = n.root AND r.holder ");
            _ = isOwn ? sql.Add($"= {view.Key.Party}") : sql.Add($"<> {view.Key.Party}");
        }
    }
}
