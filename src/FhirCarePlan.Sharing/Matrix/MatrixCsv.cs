namespace FhirCarePlan.Sharing.Matrix;

/// <summary>Lines for a spreadsheet. https://www.rfc-editor.org/rfc/rfc4180</summary>
public static class MatrixCsv
{
    public static void Write(TextWriter text, IEnumerable<MatrixRow> rows)
    {
        Line(text, "party", "role", "purpose", "record", "action", "types", "category", "condition", "clauses");
        foreach (var row in rows) Line(text, Cells(row));
    }

    public static void Write(TextWriter text, MatrixDiff diff)
    {
        Line(text, "change", "party", "role", "purpose", "record", "action", "types", "category", "condition", "clauses", "example");
        foreach (var flip in diff.Flips) Line(text, [flip.Widens ? "widens" : "narrows", .. Cells(flip.Row), flip.Example.ToString()]);
        foreach (var other in diff.Other)
            Line(text, [other.MayWiden ? "may widen" : "other", "", "", "", "", "", "", "", other.Text, "", ""]);
    }

    private static string[] Cells(MatrixRow row) =>
    [
        row.Party, Listed(row.Roles), row.Purpose, row.Record, Listed(row.Actions), Listed(row.Types), Listed(row.Data), row.Condition,
            Listed(row.Clauses),
    ];

    private static string Listed(IReadOnlyList<string> names) => string.Join("; ", names);

    private static void Line(TextWriter text, params IReadOnlyList<string> cells) =>
        text.Write(string.Join(',', cells.Select(Quoted)) + "\r\n");

    /// <summary>A leading sign would make a spreadsheet take the cell for a formula.</summary>
    private static string Quoted(string cell)
    {
        if (cell.Length > 0 && cell[0] is '=' or '+' or '-' or '@' or '\t' or '\r') cell = "'" + cell;
        return cell.AsSpan().IndexOfAny(",\"\r\n;") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
