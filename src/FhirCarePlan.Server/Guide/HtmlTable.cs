using FhirCarePlan.Server.Answers;

namespace FhirCarePlan.Server.Guide;

/// <summary>A table that becomes a list of cards on a narrow screen. The roles are written out since browsers forget them when a style
/// sheet displays a table as anything else.</summary>
internal sealed class HtmlTable
{
    private readonly Html page;
    private readonly string[] columns;

    /// <param name="look">A class of the style sheet.</param>
    public HtmlTable(Html page, string look, string caption, params string[] columns)
    {
        (this.page, this.columns) = (page, columns);
        page.Add($"<table role=\"table\" class=\"{look}\"><caption>{caption}</caption><thead role=\"rowgroup\"><tr role=\"row\">");
        foreach (var column in columns) page.Add($"<th scope=\"col\" role=\"columnheader\">{column}</th>");
        page.Add($"</tr></thead><tbody role=\"rowgroup\">");
    }

    /// <param name="id">The end of a link to the row; null when nothing links to it.</param>
    /// <param name="cells">One for each column; the first names the row.</param>
    public void Row(string? id, params ReadOnlySpan<Html?> cells)
    {
        if (id is null) page.Add($"<tr role=\"row\">");
        else page.Add($"<tr role=\"row\" id=\"{id}\">");
        page.Add($"<th scope=\"row\" role=\"rowheader\">{cells[0]}</th>");
        for (var i = 1; i < cells.Length; i++)
            // An empty cell is not shown on a card.
            if (cells[i] is { IsEmpty: false } cell) page.Add($"<td role=\"cell\" data-label=\"{columns[i]}\"><div>{cell}</div></td>");
            else page.Add($"<td role=\"cell\" class=\"none\"></td>");
        page.Add($"</tr>");
    }

    public void Close() => page.Add($"</tbody></table>");
}
