using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Storage.Search;

/// <summary>An index that brings resources in the order of the first sort key, so that a page costs what the page holds. Every resource with
/// a value stands in it at least once; `IsPlace` says which of its rows is its place in the caller's view.</summary>
internal sealed class OrderPath
{
    private readonly SearchQuery query;
    private readonly IndexSql? index;
    private readonly bool isTime;

    private OrderPath(SearchQuery query, Sql column, bool isDescending, bool isText, IndexSql? index = null, bool isTime = false) =>
        (this.query, Column, IsDescending, IsText, this.index, this.isTime) = (query, column, isDescending, isText, index, isTime);

    public Sql Column { get; }
    public bool IsDescending { get; }
    public bool IsText { get; }
    /// <summary>Resources without a value are not on it.</summary>
    public bool LeavesSomeOut => index is not null;
    public bool IsById => index is null && !isTime;

    /// <summary>Null: no index has this order.</summary>
    public static OrderPath? Of(SearchQuery query) => query.Sort switch
    {
        [] => ById(query, false),
        [{ Parameter: null, Special: "_lastUpdated", Descending: var down }, ..] => new(query, new("c.last_updated"), down, false, isTime: true),
        [{ Parameter: null, Descending: var down }, ..] => ById(query, down),
        [{ Parameter: { } parameter, Descending: var down }, ..] => IndexSql.Of(parameter.Type) is { } index && index.InOrder(down) is { } column
            ? new(query, column, down, parameter.Type != SearchType.Date, index) : null,
    };

    public static OrderPath ById(SearchQuery query, bool isDescending) => new(query, new("r.id"), isDescending, true);

    /// <summary>Behind FROM: the index alone, or with resource `r`.</summary>
    public void From(SqlText sql, bool withResource)
    {
        if (IsById) sql.Add($"resource r");
        else if (isTime) sql.Add($"version_change c");
        else sql.Add($"{index!.Table} x");
        if (!withResource || IsById) return;
        sql.Add($" CROSS JOIN resource r ON r.key = {new Sql(isTime ? "c.resource" : "x.resource")}");
    }

    /// <summary>Which part of the index: conditions on its own columns alone.</summary>
    public void Where(SqlText sql)
    {
        if (IsById) sql.Add($"r.type = {query.Type}");
        else if (isTime) sql.Add($"c.type = {query.Type} AND c.leads = 1");
        else sql.Add($"x.param = {query.Sort[0].Parameter!.Id}");
        if (index is TokenSql) sql.Add($" AND x.code <> ''");
    }

    /// <summary>Under decision `m`: the row by which the resource is sorted. Several rows may have the same value.</summary>
    public void IsPlace(SqlText sql)
    {
        if (IsById) return;
        sql.Add($" AND {Column} = ");
        SortSql.Key(sql, query.Sort[0]);
        if (index is not null) sql.Add($" AND (x.labels & ~m.mask) = 0");
    }

    /// <summary>From one value, to another, in the direction that is gone.</summary>
    public void Between(SqlText sql, bool isDown, object? from, bool withFrom, object? to)
    {
        if (from is not null) sql.Add($" AND {Column} {new Sql((isDown, withFrom) switch { (false, true) => ">=", (false, false) => ">", (true, true) => "<=", _ => "<" })} ").AddOne(from);
        if (to is not null) sql.Add($" AND {Column} {new Sql(isDown ? ">=" : "<=")} ").AddOne(to);
    }

    /// <summary>The value so many rows further on: one row, one value, or none at the end.</summary>
    public SqlText Bound(bool isDown, object? from, bool withFrom, int rows)
    {
        var sql = new SqlText().Add($"SELECT {Column} FROM ");
        From(sql, withResource: false);
        sql.Add($" WHERE ");
        Where(sql);
        Between(sql, isDown, from, withFrom, null);
        return sql.Add($" ORDER BY {Column} {new Sql(isDown ? "DESC" : "ASC")} LIMIT 1 OFFSET {(long)rows}");
    }
}
