using FhirCarePlan.Server.Answers;
using FhirCarePlan.Sharing;
using FhirCarePlan.Sharing.Matrix;

namespace FhirCarePlan.Server.Governance;

/// <summary>A form of labelled fields that asks by GET, so that an answer has an address to keep and send on.</summary>
internal sealed class FilterForm
{
    private readonly Html page = new();

    private FilterForm() { }

    public static FilterForm Begin(string action)
    {
        var form = new FilterForm();
        form.page.Add($"<form class=\"fields\" action=\"{action}\" method=\"get\">");
        return form;
    }

    /// <param name="all">The first choice, which asks for everything; null where one must be chosen.</param>
    public FilterForm Select(string name, string label, IEnumerable<string> values, string? chosen, string? all = "all") =>
        Select(name, label, values.Select(v => (v, v)), chosen, all);

    /// <inheritdoc cref="Select(string, string, IEnumerable{string}, string?, string?)"/>
    public FilterForm Select(string name, string label, IEnumerable<(string Value, string Words)> values, string? chosen, string? all = "all")
    {
        page.Add($"<p><label for=\"{name}\">{label}</label><select id=\"{name}\" name=\"{name}\">");
        if (all is not null) page.Add($"<option value=\"\">{all}</option>");
        foreach (var (value, words) in values)
            if (value == chosen) page.Add($"<option value=\"{value}\" selected>{words}</option>");
            else page.Add($"<option value=\"{value}\">{words}</option>");
        page.Add($"</select></p>");
        return this;
    }

    public FilterForm Text(string name, string label, string? value)
    {
        page.Add($"<p><label for=\"{name}\">{label}</label><input id=\"{name}\" name=\"{name}\" value=\"{value}\" maxlength=\"64\"></p>");
        return this;
    }

    /// <summary>The button, and the choice between a page and data.</summary>
    public Html End(string button)
    {
        Select("format", "As", Formats, null, all: null);
        return page.Add($"<p><button type=\"submit\">{button}</button></p></form>");
    }

    internal static readonly (string, string)[] Formats = [(SharingQuery.Html, "page"), (SharingQuery.Csv, "table (CSV)"), (SharingQuery.Json, "data (JSON)")];
    internal static readonly (string, string)[] Records = [("own", "its own"), ("others", "of other parties")];
    internal static IReadOnlyList<string> Actions => [.. Rule.KnownActions];

    public static IEnumerable<(string, string)> Parties(SharingMatrix matrix) => matrix.Protocol.Parties.Select(p => (p.Id, p.Name));
    public static IEnumerable<string> Roles(SharingMatrix matrix) => matrix.Scope.Desks.Select(d => MatrixRow.NameOf(d.Role)).Distinct();
    public static IEnumerable<string> Purposes(SharingMatrix matrix) => matrix.Protocol.Purposes.Select(p => p.Id);
}
