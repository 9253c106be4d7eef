using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Guide;
using FhirCarePlan.Sharing.Matrix;

namespace FhirCarePlan.Server.Governance;

/// <summary>`/sharing/matrix` and `/sharing/who-can-see`: who may see and do what, filtered.</summary>
internal static class MatrixPage
{
    /// <param name="isInForce">The agreement that the server enforces; otherwise a draft.</param>
    public static SharingAnswer Of(SharingMatrix matrix, SharingQuery query, bool isInForce, bool isCsv)
    {
        var section = isInForce ? "/sharing/matrix" : "/sharing/draft";
        if (query["record"] is { } record && SharingQuery.Unknown("record", record, ["own", "others"]) is { } fault) return SharingAnswer.Refuse(400, section, fault);
        return Answer(matrix, query.Filter, section, "Who may see and do what", isCsv, isInForce ? Fields(matrix, query) : null);
    }

    public static SharingAnswer WhoCanSee(SharingMatrix matrix, SharingQuery query, bool isCsv)
    {
        const string section = "/sharing/who-can-see", title = "Who can see a category";
        var form = FilterForm.Begin(section).Select("category", "Category", matrix.Columns, query["category"], all: null)
            .Select("party", "Party", FilterForm.Parties(matrix), query["party"]).Select("record", "Record", FilterForm.Records, query["record"]).End("Show");
        return query["category"] is null
            ? new(200, title, section, () => Html.Of($"<p>Choose a category of data, or a label.</p>{form}"), json => MatrixJson.Write(json, matrix.Protocol, []))
            : Answer(matrix, query.Filter with { Action = "read" }, section, title, isCsv, form);
    }

    private static SharingAnswer Answer(SharingMatrix matrix, MatrixFilter filter, string section, string title, bool isCsv, Html? form)
    {
        if (filter.Unknown(matrix) is { } unknown) return SharingAnswer.Refuse(400, section, unknown);
        var rows = MatrixRows.Of(matrix, filter with { PerCell = isCsv });
        return new(200, title, section, () =>
        {
            var main = Html.Of($"<p>The agreement <code>{matrix.Protocol.Canonical}</code>, as if signed and in force. What no line opens is closed.</p>{form}");
            main.Add($"<p role=\"status\">{(rows.Count == 1 ? "One line." : $"{rows.Count} lines.")}</p>");
            return Table(main, rows, matrix);
        }, json => MatrixJson.Write(json, matrix.Protocol, rows), text => MatrixCsv.Write(text, rows));
    }

    private static Html Fields(SharingMatrix matrix, SharingQuery query) => FilterForm.Begin("/sharing/matrix")
        .Select("party", "Party", FilterForm.Parties(matrix), query["party"]).Select("role", "Role", FilterForm.Roles(matrix), query["role"])
        .Select("purpose", "Purpose", FilterForm.Purposes(matrix), query["purpose"]).Select("action", "Action", FilterForm.Actions, query["action"])
        .Select("record", "Record", FilterForm.Records, query["record"]).Select("category", "Category", matrix.Columns, query["category"])
        .Text("type", "Resource type", query["type"]).Select("labels", "Labels", [("yes", "shown")], query["labels"], all: "not shown").End("Show");

    internal static Html Table(Html main, IReadOnlyList<MatrixRow> rows, SharingMatrix matrix)
    {
        foreach (var party in rows.GroupBy(r => r.Party))
        {
            main.Add($"<h2>{matrix.Protocol.Party(party.Key)?.Name ?? party.Key}</h2>");
            var table = new HtmlTable(main, "list", $"What {party.Key} may do", "Roles", "May", "With", "In", "When", "Clause");
            foreach (var row in party) table.Row(null, Cells(row));
            table.Close();
        }
        return main;
    }

    internal static Html[] Cells(MatrixRow row) =>
    [
        Html.Of($"{string.Join(", ", row.Roles)}"),
        Html.Of($"{string.Join(", ", row.Actions)} for {row.Purpose}, {(row.IsOwn ? "its own record" : "others' records")}"),
        Html.Of($"{string.Join(", ", row.Data)}"), Html.Of($"{string.Join(", ", row.Types)}"), Html.Of($"{row.Condition}"),
        Html.Of($"{string.Join(", ", row.Clauses)}"),
    ];
}
