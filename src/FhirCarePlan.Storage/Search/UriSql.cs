using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Storage.Search;

/// <summary>The whole address; `:below` also what begins with it, `:above` also what it begins with.
/// https://hl7.org/fhir/R4/search.html#uri</summary>
internal sealed class UriSql : IndexSql
{
    public static UriSql Instance { get; } = new();

    public override Sql Table { get; } = new("index_uri");
    public override Sql Least { get; } = new("x.uri");
    public override Sql? InOrder(bool isDescending) => Least;

    public override void Meets(SqlText sql, Modifier modifier, QueryValue value)
    {
        var uri = value.Value ?? "";
        if (modifier == Modifier.Below)
        {
            sql.Add($"x.uri = {uri} OR (");
            StringSql.StartsWith(sql, new("x.uri"), uri.EndsWith('/') ? uri : uri + "/");
            sql.Add($")");
        }
        else if (modifier == Modifier.Above) sql.Add($"x.uri IN ").AddList(Above(uri));
        else sql.Add($"x.uri = {uri}");
    }

    public override bool IsFound(Modifier modifier, QueryValue value) => modifier != Modifier.Below;

    /// <summary>The address and every shorter one that ends before or behind a slash.</summary>
    private static List<string> Above(string uri)
    {
        var all = new List<string> { uri };
        for (var slash = uri.LastIndexOf('/'); slash > 0; slash = uri.LastIndexOf('/', slash - 1))
        {
            all.Add(uri[..slash]);
            all.Add(uri[..(slash + 1)]);
        }
        return all;
    }
}
