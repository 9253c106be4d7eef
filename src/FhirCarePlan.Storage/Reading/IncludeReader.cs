using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Storage.Search;

namespace FhirCarePlan.Storage.Reading;

/// <summary>Brings what the hits of a page refer to and what refers to them, each decided by the same view. A page is small, so the
/// candidates are decided one by one.</summary>
internal sealed class IncludeReader(Connection connection, SearchScope scope, ViewSql view)
{
    private readonly HashSet<long> brought = [];
    private readonly List<SearchReader.Match> included = [];
    private readonly Dictionary<string, PartSql?> parts = new(StringComparer.Ordinal);

    /// <summary>What `:iterate` may bring at most.</summary>
    private const int Most = 1000;

    /// <param name="isTooMuch">There is more than a search may bring.</param>
    public List<SearchReader.Match> Read(SearchQuery query, List<SearchReader.Match> page, out bool isTooMuch)
    {
        foreach (var match in page) brought.Add(match.Key);
        var from = 0;
        Start(page);
        foreach (var include in query.Includes) Bring(IncludeSql.Included(include, view));
        foreach (var include in query.RevIncludes) Bring(IncludeSql.Referring(include, view));
        isTooMuch = false;
        if (!query.Includes.Concat(query.RevIncludes).Any(i => i.IsIterated)) return included;
        // Again from what the last round brought, until nothing is new.
        while (from < included.Count && !(isTooMuch = included.Count > Most))
        {
            var last = included[from..];
            from = included.Count;
            Start(last);
            foreach (var include in query.Includes.Where(i => i.IsIterated)) Bring(IncludeSql.Included(include, view));
            foreach (var include in query.RevIncludes.Where(i => i.IsIterated)) Bring(IncludeSql.Referring(include, view));
        }
        return included;
    }

    private void Start(List<SearchReader.Match> page)
    {
        connection.Use("DELETE FROM page").Run();
        foreach (var match in page)
            connection.Use("INSERT INTO page (key, mask) VALUES (?1, ?2)").Bind(1, match.Key).Bind(2, match.Mask).Run();
    }

    private void Bring(SqlText sql)
    {
        using var rows = connection.UseShape(sql.ToString()).BindAll(sql.Values);
        while (rows.Step())
        {
            var (key, root, labels) = (rows.Int64(0), rows.Int64(2), rows.Int64(3));
            if (brought.Contains(key)) continue;
            var row = RowOf(rows.Text(1), rows.Int64(4) == 1, rows.Int32(5), rows.Int64(6), out var mask);
            if (mask == 0 || ((root | labels) & ~mask) != 0 || !IsLeft(rows.Text(1), key, mask)) continue;
            brought.Add(key);
            included.Add(new(key, mask, row));
        }
    }

    /// <summary>The caller's scopes leave it in view.</summary>
    private bool IsLeft(string type, long key, long mask)
    {
        if (!parts.TryGetValue(type, out var only)) parts[type] = only = PartSql.Of(connection, scope.View.Only(type));
        if (only is null) return true;
        var sql = only.Of(key, mask);
        using var found = connection.UseShape(sql.ToString()).BindAll(sql.Values);
        return found.Step();
    }

    /// <summary>What the decision depends on, and the decision.</summary>
    private Decided.Row RowOf(string type, bool isOwn, int consentClass, long kinds, out long mask)
    {
        var basis = scope.View.Basis(type, isOwn);
        var row = Decided.Of(basis, isOwn, consentClass, kinds);
        mask = basis.Most == 0 && consentClass != ViewSql.NoPerson || row.Class == ViewSql.Lost ? 0 : scope.View.Permitted(type, isOwn, Decided.StandingOf(row));
        return row;
    }
}
