namespace FhirCarePlan.Storage.Search;

/// <summary>The keys of all that can be in a small view: a search that starts from them does as much work as there is to see, whatever is hidden
/// (sharing.md §9, 45). It narrows only: the view's own join decides. Table `near` holds the root masks that some permitted row of a consent
/// class shows.</summary>
internal static class SmallViewSql
{
    /// <summary>Persons whom the caller's party, or the caller, stands towards in any way now.</summary>
    public static SqlText Persons(SqlText sql, ViewSql view)
    {
        var now = view.Key.Now.UtcTicks;
        sql.Add($"SELECT DISTINCT k.person AS no FROM relationship k WHERE k.party = {view.Key.Party} AND k.since <= {now} AND k.until > {now} AND k.actor IN ");
        sql.AddList(["", .. view.Key.Actors]);
        return view.SelfPerson == 0 ? sql : sql.Add($" UNION SELECT {view.SelfPerson}");
    }

    /// <param name="ownWithoutTie">What the party holds is in its view without any tie to the person.</param>
    public static void Keys(SqlText sql, string type, ViewSql view, bool ownWithoutTie)
    {
        var party = view.Key.Party;
        sql.Add($"SELECT r.key AS resource FROM (");
        Persons(sql, view);
        sql.Add($"""
            ) t {sql.Dialect.ThenJoin} person p ON p.no = t.no {sql.Dialect.ThenJoin} near n ON n.class = p.consent_class
            {sql.Dialect.ThenJoin} resource r ON r.person = p.no AND r.type = {type} AND r.root_mask = n.root AND n.is_own = (r.holder = {party})
            UNION ALL SELECT r.key FROM near n {sql.Dialect.ThenJoin} resource r ON r.person IS NULL AND r.type = {type} AND r.root_mask = n.root AND n.is_own = (r.holder = {party})
            WHERE n.class = {new Sql(ViewSql.NoPerson.ToString())}
            """);
        if (ownWithoutTie)
            sql.Add($"""
                 UNION ALL SELECT r.key FROM (SELECT DISTINCT root FROM near WHERE is_own = 1) n
                {sql.Dialect.ThenJoin} resource r ON r.type = {type} AND r.root_mask = n.root AND r.holder = {party}
                """);
    }
}
