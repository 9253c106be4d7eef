using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Storage.Search;

/// <summary>Begins with, contains, or is exactly. https://hl7.org/fhir/R4/search.html#string</summary>
internal sealed class StringSql : IndexSql
{
    /// <summary>Sorts behind every text that goes on after a beginning.</summary>
    private const string Last = "\U0010FFFF";

    public static StringSql Instance { get; } = new();

    public override Sql Table { get; } = new("index_string");
    public override Sql Least { get; } = new("x.normal");
    public override Sql? InOrder(bool isDescending) => Least;

    public override void Meets(SqlText sql, Modifier modifier, QueryValue value)
    {
        switch (modifier)
        {
            case Modifier.Exact:
                // Texts that are equal have one normal form, and by that the index knows them.
                sql.Add($"x.normal = {NormalText.Of(value.Text ?? "")} AND x.text = {value.Text ?? ""}");
                break;
            case Modifier.Contains:
                sql.Add($"instr(x.normal, {value.Value ?? ""}) > 0");
                break;
            case Modifier.Same:
                sql.Add($"x.normal = {value.Value ?? ""}");
                break;
            case Modifier.Ends:
                // A mark behind both: no text has it.
                sql.Add($"instr(x.normal || '|', {(value.Value ?? "") + "|"}) > 0");
                break;
            case Modifier.Text:
                // A word begins behind a blank.
                var words = (value.Value ?? "").Split(' ');
                for (var i = 0; i < words.Length; i++) sql.Add($"{new Sql(i > 0 ? " AND " : "")}instr(' ' || x.normal, {" " + words[i]}) > 0");
                break;
            default:
                StartsWith(sql, new("x.normal"), value.Value);
                break;
        }
    }

    public override bool IsFound(Modifier modifier, QueryValue value) =>
        modifier is Modifier.Exact or Modifier.Same || modifier is not (Modifier.Contains or Modifier.Text or Modifier.Ends) && value.Value is { Length: > 0 };

    public static void StartsWith(SqlText sql, Sql column, string? beginning)
    {
        if (beginning is null) sql.Add($"1 = 0");
        else sql.Add($"{column} >= {beginning} AND {column} < {beginning + Last}");
    }
}
