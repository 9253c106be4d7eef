namespace FhirCarePlan.Storage.Search;

/// <summary>What makes a search look into the caller's view and nowhere else: joins resource `r` to the permitted row `m` of its person's
/// standing. Behind it `m.mask` is what this resource may show; a resource that no permitted row names is not there.</summary>
/// <param name="SelfPerson">The number of the person whom the caller's token speaks for; 0 for none.</param>
/// <param name="HasOtherTypes">Some rows, under type '', speak of all types that no row names.</param>
internal sealed record ViewSql(StandingKey Key, long SelfPerson, bool HasOtherTypes)
{
    /// <summary>In `permitted.class`: a resource about nobody.</summary>
    public const long NoPerson = -1;

    /// <summary>Table of PermittedRow, filled for this search.</summary>
    private static readonly Sql Permitted = new("permitted");
    private static readonly Sql NamedOrOther =
        new("CASE WHEN EXISTS (SELECT 1 FROM permitted n WHERE n.type = r.type) THEN r.type ELSE '' END");

    public void Join(SqlText sql)
    {
        var rowType = HasOtherTypes ? NamedOrOther : new Sql("r.type");
        sql.Add($"""
             LEFT JOIN person p ON p.no = r.person
             {sql.Dialect.ThenJoin} {Permitted} m ON m.type = {rowType} AND m.is_own = CASE WHEN r.holder = {Key.Party} THEN 1 ELSE 0 END
                AND m.class = CASE WHEN r.person IS NULL THEN {new Sql(NoPerson.ToString())} ELSE p.consent_class END
                AND m.kinds = CASE WHEN r.person IS NULL THEN 0 ELSE coalesce((
            """);
        Kinds(sql);
        sql.Add($"), 0)");
        if (SelfPerson != 0) sql.Add($" | CASE WHEN r.person = {SelfPerson} THEN {Key.SelfKind} ELSE 0 END");
        sql.Add($" END");
    }

    /// <summary>Beside other conditions on `r`.</summary>
    public static void IsVisible(SqlText sql) => sql.Add($"r.is_deleted = 0 AND (r.root_mask & ~m.mask) = 0");

    /// <summary>One number: the kinds in force of the caller's party, and of the caller, that open resource `r`. Null for none.</summary>
    private void Kinds(SqlText sql)
    {
        // A CASE, not an OR: for an OR the planner searches the index once for each side, although the few rows of a person are side by
        // side.
        sql.Add($"""
            SELECT CAST(sum(DISTINCT k.kind) AS bigint) FROM backing k
            WHERE k.party = {Key.Party} AND k.person = r.person 
                AND CASE k.regard WHEN '*' THEN 1 WHEN r.holder THEN 1 WHEN r.type || '/' || r.id THEN 1 ELSE 0 END = 1
                AND k.since <= {Key.Now.UtcTicks} AND k.until > {Key.Now.UtcTicks} AND k.actor IN 
            """);
        sql.AddList(["", .. Key.Actors]);
    }
}
