using FhirCarePlan.Storage.Search;

namespace FhirCarePlan.Storage.Sqlite.Auditing;

/// <summary>Filters over the audit trail. The narrowest filter goes through the blocks' facets, the rows after the last block are gone through
/// one by one; all filters are then checked on the rows themselves.</summary>
internal static class AuditSearch
{
    private static readonly Sql At = new("a.at"), Columns = new(AuditRow.Columns);

    public static IReadOnlyList<AuditEntry> Find(Connection connection, AuditQuery query, out int total)
    {
        var count = new SqlText(Dialect.Sqlite);
        // Rows come without gaps and go from the oldest on.
        if (query is { All: true, Dates: [], Ids: [], Patients: [], Agents: [], Entities: [], Outcomes: [], Policies: [] })
            count.Add($"SELECT coalesce(max(seq) - min(seq) + 1, 0) FROM (SELECT max(seq) AS seq FROM audit_payload UNION ALL SELECT min(seq) FROM audit_payload) ends");
        else Where(count.Add($"SELECT count(*)"), query);
        using (var row = connection.UseShape(count.ToString()).BindAll(count.Values))
        {
            row.Step();
            total = row.Int32(0);
        }
        var entries = new List<AuditEntry>();
        if (total <= query.Offset || query.Count <= 0) return entries;

        var sql = new SqlText(Dialect.Sqlite).Add($"SELECT {Columns}");
        Where(sql, query);
        sql.Add($" ORDER BY a.seq {new Sql(query.Ascending ? "ASC" : "DESC")} LIMIT {query.Count} OFFSET {query.Offset}");
        using var rows = connection.UseShape(sql.ToString()).BindAll(sql.Values);
        while (rows.Step()) entries.Add(AuditRow.Read(rows));
        return entries;
    }

    private static void Where(SqlText sql, AuditQuery query)
    {
        sql.Add($" FROM audit_payload a WHERE ");
        Candidates(sql, query);
        if (!query.All) sql.Add($" AND (a.party = {query.Party ?? ""} OR a.holder = {query.Party ?? ""}) AND {query.Party ?? ""} <> ''");
        foreach (var dates in query.Dates) sql.Add($" AND ").AnyOf(dates, (to, date) => DateSql.Meets(to, At, At, date));
        In(sql, "a.id", query.Ids);
        In(sql, "a.patient", query.Patients);
        In(sql, "a.agent", query.Agents);
        In(sql, "a.target", query.Entities);
        if (query.Outcomes.Count > 0) sql.Add($" AND CASE a.is_permitted WHEN 1 THEN '0' ELSE '4' END IN ").AddList(query.Outcomes);
        if (query.Policies.Count > 0)
        {
            var (before, between, after) = sql.Dialect.Contains;
            sql.Add($" AND ").AnyOf(query.Policies, (to, policy) =>
                to.Add($"{new Sql(before)}{"\n"} || a.policies || {"\n"}{new Sql(between)}{"\n" + policy + "\n"}{new Sql(after)}"));
        }
    }

    private static void In(SqlText sql, string column, IReadOnlyList<string> values)
    {
        if (values.Count > 0) sql.Add($" AND {new Sql(column)} IN ").AddList(values);
    }

    private static void Candidates(SqlText sql, AuditQuery query)
    {
        var (facets, values) = query switch
        {
            { Ids.Count: > 0 } => ((int[])[AuditFacets.Id], query.Ids),
            { Entities.Count: > 0 } => ([AuditFacets.Target], query.Entities),
            { Patients.Count: > 0 } => ([AuditFacets.Patient], query.Patients),
            { Agents.Count: > 0 } => ([AuditFacets.Agent], query.Agents),
            { Outcomes: ["4"] } => ([AuditFacets.Refusal], [""]),
            { Policies.Count: > 0 } => ([AuditFacets.Policy], query.Policies),
            { All: false } => ([AuditFacets.Party, AuditFacets.Holder], [query.Party ?? ""]),
            _ => ([], []),
        };
        // Rows behind the last block have no facets yet.
        if (facets.Length == 0)
        {
            InTime(sql, query);
            return;
        }
        sql.Add($"a.seq IN (SELECT seq FROM audit_payload WHERE seq > (SELECT coalesce(max(last), 0) FROM audit_block)");
        foreach (var facet in facets)
            sql.Add($" UNION SELECT f.seq FROM audit_block b CROSS JOIN audit_facet f ON f.block = b.no AND f.facet = {facet} AND f.value IN ").AddList(values);
        sql.Add($")");
    }

    /// <summary>Only blocks that can hold a row of the time asked for.</summary>
    private static void InTime(SqlText sql, AuditQuery query)
    {
        if (query.Dates.Count == 0)
        {
            sql.Add($"1 = 1");
            return;
        }
        sql.Add($"a.seq IN (SELECT seq FROM audit_payload WHERE seq > (SELECT coalesce(max(last), 0) FROM audit_block)");
        sql.Add($" UNION ALL SELECT t.seq FROM audit_block b CROSS JOIN audit_payload t ON t.seq BETWEEN b.first AND b.last WHERE 1 = 1");
        foreach (var dates in query.Dates)
            sql.Add($" AND ").AnyOf(dates, (to, date) => DateSql.Meets(to, new("b.at_min"), new("b.at_max"), Widened(date)));
        sql.Add($")");
    }

    /// <summary>A block may hold what is asked for, or something else besides.</summary>
    private static Fhir.Search.QueryValue Widened(Fhir.Search.QueryValue date) => date.Prefix switch
    {
        Fhir.Search.Prefix.Eq => date with { Prefix = Fhir.Search.Prefix.Ap },
        Fhir.Search.Prefix.Sa => date with { Prefix = Fhir.Search.Prefix.Gt },
        Fhir.Search.Prefix.Eb => date with { Prefix = Fhir.Search.Prefix.Lt },
        _ => date,
    };
}
