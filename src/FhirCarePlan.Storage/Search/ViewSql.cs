namespace FhirCarePlan.Storage.Search;

/// <summary>What makes a search look into the caller's view and nowhere else: joins resource `r` to the decision `m` about its person's
/// standing. `m.mask` is what this resource may show; null where nobody has decided yet.</summary>
/// <param name="SelfPerson">The number of the person whom the caller's token speaks for; 0 for none.</param>
internal sealed record ViewSql(StandingKey Key, long SelfPerson, ViewBasis Own, ViewBasis Others)
{
    /// <summary>In `permitted.class`: a resource about nobody; a person whose Consents make no difference; one who is not stored, which
    /// must not happen.</summary>
    public const int NoPerson = -1, AnyClass = -2, Lost = -3;

    /// <summary>The parts that the caller's scopes leave; null for all.</summary>
    public PartSql? Only { get; init; }

    /// <summary>The decisions about this type among all that a search needs; 0: the type searched.</summary>
    public int Slot { get; init; }

    /// <summary>The views of the types that chains lead to. A type that is not among them is not in view at all.</summary>
    public IReadOnlyDictionary<string, ViewSql> Led { get; init; } = new Dictionary<string, ViewSql>();

    private bool NeedsClass => Own.AsksConsent || Others.AsksConsent;

    /// <summary>Behind it `m` is the decision, if there is one.</summary>
    public void Join(SqlText sql)
    {
        if (NeedsClass) sql.Add($" LEFT JOIN person p ON p.no = r.person");
        sql.Add($" LEFT JOIN permitted m ON m.slot = {new Sql(SlotText)} AND m.is_own = ");
        IsOwn(sql);
        sql.Add($" AND m.class ");
        if (NeedsClass) sql.Add($"IN (CASE WHEN r.person IS NULL THEN -1 ELSE -2 END, coalesce(p.consent_class, -3))");
        else sql.Add($"= CASE WHEN r.person IS NULL THEN -1 ELSE -2 END");
        sql.Add($" AND m.kinds = ");
        Kinds(sql);
    }

    private string SlotText => Slot.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Columns: whether it is the caller's party's own, the person's class, the ties that open it.</summary>
    public void Standing(SqlText sql)
    {
        IsOwn(sql);
        sql.Add($", CASE WHEN r.person IS NULL THEN -1 ELSE {new Sql(NeedsClass ? "coalesce(p.consent_class, -3)" : "-2")} END, CASE WHEN m.mask IS NULL THEN ");
        Kinds(sql);
        sql.Add($" ELSE m.kinds END");
    }

    /// <summary>One text of a standing that nobody has decided about: slot, own, class, kinds.</summary>
    public void Undecided(SqlText sql)
    {
        sql.Add($"'{new Sql(SlotText)} ' || CAST(");
        IsOwn(sql);
        sql.Add($" AS text) || ' ' || CAST(CASE WHEN r.person IS NULL THEN -1 ELSE {new Sql(NeedsClass ? "coalesce(p.consent_class, -3)" : "-2")} END AS text) || ' ' || CAST(");
        Kinds(sql);
        sql.Add($" AS text)");
    }

    /// <summary>The same columns for a resource of any type, with everything that could make a difference.</summary>
    public void FullStanding(SqlText sql)
    {
        IsOwn(sql);
        sql.Add($", CASE WHEN r.person IS NULL THEN -1 ELSE coalesce(p.consent_class, -3) END, CASE WHEN r.person IS NULL THEN 0 ELSE ");
        All(sql);
        sql.Add($" END");
    }

    /// <summary>Beside `r.is_deleted = 0`, under a decision.</summary>
    public static void IsVisible(SqlText sql) => sql.Add($"m.mask <> 0 AND (r.root_mask & ~m.mask) = 0");

    public void IsOwn(SqlText sql) => sql.Add($"CASE WHEN r.holder = {Key.Party} THEN 1 ELSE 0 END");

    /// <summary>One number: the kinds in force of the caller's party, and of the caller, that open resource `r`; 0 where they make no
    /// difference.</summary>
    public void Kinds(SqlText sql)
    {
        if (!Own.AsksTies && !Others.AsksTies)
        {
            sql.Add($"0");
            return;
        }
        sql.Add($"CASE WHEN r.person IS NULL THEN 0");
        if (!Own.AsksTies) sql.Add($" WHEN r.holder = {Key.Party} THEN 0");
        if (!Others.AsksTies) sql.Add($" WHEN r.holder <> {Key.Party} THEN 0");
        sql.Add($" ELSE ");
        All(sql);
        sql.Add($" END");
    }

    /// <summary>The same of a resource about somebody, whether they make a difference or not.</summary>
    private void All(SqlText sql)
    {
        // A CASE, not an OR: for an OR the planner searches the index once for each side, although the few rows of a person are side by
        // side.
        sql.Add($"""
            coalesce((SELECT CAST(sum(DISTINCT k.kind) AS bigint) FROM backing k
            WHERE k.party = {Key.Party} AND k.person = r.person
                AND CASE k.regard WHEN '*' THEN 1 WHEN r.holder THEN 1 WHEN r.type || '/' || r.id THEN 1 ELSE 0 END = 1
                AND k.since <= {Key.Now.UtcTicks} AND k.until > {Key.Now.UtcTicks} AND k.actor IN 
            """);
        sql.AddList(["", .. Key.Actors]).Add($"), 0)");
        if (SelfPerson != 0) sql.Add($" | CASE WHEN r.person = {SelfPerson} THEN {Key.SelfKind} ELSE 0 END");
    }
}
