using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Storage.Reading;

namespace FhirCarePlan.Storage.Search;

/// <summary>The parts of a view that the caller's scopes leave, as a condition on resource `r` under mask `m` (src/docs/smart.md#scopes).</summary>
internal sealed class PartSql
{
    /// <param name="Person">The person's number; null for anybody.</param>
    private readonly record struct Numbered(long? Person, bool WithNobodys, IReadOnlyList<Criterion> Criteria);

    private readonly Numbered[] parts;

    private PartSql(Numbered[] parts) => this.parts = parts;

    /// <summary>Null where nothing is narrowed.</summary>
    public static PartSql? Of(Connection connection, IReadOnlyList<Part>? only) => only is null ? null
        : new([.. only.Select(p => new Numbered(p.Person is null ? null : PersonReader.Number(connection, p.Person), p.WithNobodys, p.Criteria))]);

    public void Holds(SqlText sql) => sql.AnyOf(parts, Holds);

    /// <summary>One row if the scopes leave this resource, of which the caller sees what the mask permits.</summary>
    public SqlText Of(long key, long mask)
    {
        var sql = new SqlText().Add($"SELECT 1 FROM resource r JOIN (SELECT CAST({mask} AS bigint) AS mask) m ON r.key = {key} WHERE ");
        Holds(sql);
        return sql;
    }

    /// <summary>Where all parts are about one person each: their resources of the type, so that a search costs what those are. Null
    /// otherwise.</summary>
    public Action<SqlText>? Leads(string type)
    {
        if (parts.Length == 0 || !Array.TrueForAll(parts, p => p is { Person: not null, WithNobodys: false })) return null;
        var persons = parts.Select(p => p.Person!.Value).Distinct().ToArray();
        return sql =>
        {
            for (var i = 0; i < persons.Length; i++)
                sql.Add($"{new Sql(i > 0 ? " UNION ALL " : "")}SELECT r.key AS resource FROM resource r WHERE r.person = {persons[i]} AND r.type = {type}");
        };
    }

    private static void Holds(SqlText sql, Numbered part)
    {
        if (part.Person is not { } person) sql.Add($"1 = 1");
        else if (part.WithNobodys) sql.Add($"coalesce(r.person, {person}) = {person}");
        else sql.Add($"r.person = {person}");
        foreach (var criterion in part.Criteria) CriterionSql.Holds(sql.Add($" AND "), criterion);
    }
}
