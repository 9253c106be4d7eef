using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Storage.Search;

/// <summary>A word of a text. The rows of one resource are looked through; a search that begins with a word goes by the full-text index.
/// https://hl7.org/fhir/R4/search.html#content</summary>
internal sealed class WordsSql : IndexSql
{
    public static WordsSql Instance { get; } = new();

    public override Sql Table { get; } = new("index_words");
    /// <summary>Nobody sorts by words.</summary>
    public override Sql Least { get; } = new("NULL");

    public override void Meets(SqlText sql, Modifier modifier, QueryValue value) => sql.Add($"instr(' ' || x.words || ' ', {$" {value.Value} "}) > 0");

    /// <summary>The engines agree on words of plain letters and digits.</summary>
    public override bool IsFound(Modifier modifier, QueryValue value) => value.Value is { Length: > 0 } word && word.All(char.IsAsciiLetterOrDigit);

    public override void Finds(SqlText sql, Modifier modifier, QueryValue value) =>
        sql.Add($"x.no IN (SELECT rowid FROM words_found WHERE words_found MATCH {value.Value ?? ""})");
}
