using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Storage.Engine;

namespace FhirCarePlan.Storage.Reading;

/// <summary>The different values of a token or an address, each found by one step down the index by value: the cost follows how many there
/// are, not how often they stand.</summary>
internal static class ValueReader
{
    private const string Tokens = """
        WITH RECURSIVE v (code, system) AS
        (
            SELECT code, system FROM (SELECT code, system FROM index_token WHERE param = ?1 ORDER BY code, system LIMIT 1) f
            UNION ALL
            SELECT (SELECT code FROM index_token n WHERE n.param = ?1 AND (n.code, n.system) > (v.code, v.system) ORDER BY n.code, n.system LIMIT 1),
                (SELECT system FROM index_token n WHERE n.param = ?1 AND (n.code, n.system) > (v.code, v.system) ORDER BY n.code, n.system LIMIT 1)
            FROM v WHERE v.code IS NOT NULL
        )
        SELECT code, system FROM v WHERE code IS NOT NULL
        """;
    private const string Addresses = """
        WITH RECURSIVE v (uri) AS
        (
            SELECT min(uri) FROM index_uri WHERE param = ?1
            UNION ALL
            SELECT (SELECT min(n.uri) FROM index_uri n WHERE n.param = ?1 AND n.uri > v.uri) FROM v WHERE v.uri IS NOT NULL
        )
        SELECT uri FROM v WHERE uri IS NOT NULL
        """;

    public static IReadOnlyList<QueryValue> Of(Connection connection, SearchParameter parameter)
    {
        var values = new List<QueryValue>();
        if (parameter.Type is not (SearchType.Token or SearchType.Uri)) return values;
        using var rows = connection.Use(parameter.Type == SearchType.Token ? Tokens : Addresses).Bind(1, (long)parameter.Id);
        while (rows.Step())
            values.Add(parameter.Type == SearchType.Uri ? new() { Value = rows.Text(0) }
                : rows.Text(0) is { Length: > 0 } code ? new() { Value = code, System = rows.Text(1) } : new() { System = rows.Text(1) });
        return values;
    }
}
