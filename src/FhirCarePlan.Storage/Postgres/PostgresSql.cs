using System.Text.RegularExpressions;

namespace FhirCarePlan.Storage.Postgres;

/// <summary>Our SQL in PostgreSQL's words: parameters are `$1`, a join knows no order, and a list comes in as JSON.</summary>
internal static partial class PostgresSql
{
    public static string Of(string sql) => Difference().Replace(LongText().Replace(sql, ByBeginning), match => match.Value switch
    {
        ['\'', ..] => match.Value,
        ['?', .. var number] => $"${number}",
        "CROSS JOIN" => "JOIN",
        ['x', .. var found] => $"string_to_array(x.words, ' ') @> ARRAY[${found[found.IndexOf('?')..^1].TrimStart('?')}]",
        "instr(" => "strpos(",
        var list => $"json_array_elements(${list[list.IndexOf('?')..^1].TrimStart('?')}::json)",
    });

    /// <summary>A B-tree knows a long text by its beginning, so a condition on the text says what follows for its beginning.</summary>
    private static string ByBeginning(Match match)
    {
        var (column, sign, value) = (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value);
        return $"({match.Value} AND left({column}, 150) {(sign == "<" ? "<=" : sign)} left({value}, 150))";
    }

    [GeneratedRegex(@"\b(x\.code|x\.system|x\.address|x\.normal|x\.uri|x\.key|(?<=WHERE )(?:text|state)) (=|>=|<) ([?$]\d+)")]
    private static partial Regex LongText();

    // Quoted text stays.
    [GeneratedRegex(@"'[^']*'|CROSS JOIN|x\.no IN \(SELECT rowid FROM words_found WHERE words_found MATCH \?\d+\)|instr\(|json_each\(\?\d+\)|\?\d+")]
    private static partial Regex Difference();
}
