using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Storage.Search;

/// <summary>`code`, `system|code`, `|code`, `system|`. https://hl7.org/fhir/R4/search.html#token</summary>
internal sealed class TokenSql : IndexSql
{
    public static TokenSql Instance { get; } = new();

    public override Sql Table { get; } = new("index_token");
    /// <summary>A system without a code has nothing to sort by.</summary>
    public override Sql Least { get; } = new("NULLIF(x.code, '')");
    public override Sql? InOrder(bool isDescending) => new("x.code");

    public override void Meets(SqlText sql, Modifier modifier, QueryValue value)
    {
        if (value.Value is { } code) sql.Add($"x.code = {code}");
        if (value is { Value: not null, System: not null }) sql.Add($" AND ");
        if (value.System is { } system) sql.Add($"x.system = {system}");
        if (value is { Value: null, System: null }) sql.Add($"1 = 1");
    }

    public override bool IsFound(Modifier modifier, QueryValue value) => value.Value is not null;
}

/// <summary>`:text`: text or display begins so. https://hl7.org/fhir/R4/search.html#modifiers</summary>
internal sealed class TextSql : IndexSql
{
    public static TextSql Instance { get; } = new();

    public override Sql Table { get; } = new("index_text");
    public override Sql Least { get; } = new("x.text");

    public override void Meets(SqlText sql, Modifier modifier, QueryValue value) => StringSql.StartsWith(sql, new("x.text"), value.Text ?? value.Value);

    public override bool IsFound(Modifier modifier, QueryValue value) => false;
}
