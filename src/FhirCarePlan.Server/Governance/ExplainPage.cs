using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Guide;
using FhirCarePlan.Sharing;
using FhirCarePlan.Sharing.Matrix;

namespace FhirCarePlan.Server.Governance;

/// <summary>`/sharing/explain`: one request, with the clause for each category.</summary>
internal static class ExplainPage
{
    private const string Section = "/sharing/explain", Title = "Explain one request";

    public static SharingAnswer Of(SharingMatrix matrix, SharingQuery query)
    {
        var (protocol, form) = (matrix.Protocol, Fields(matrix, query));
        if (query["party"] is null)
            return new(200, Title, Section, () => Html.Of($"<p>Who asks for what, about whom? The answer gives the clause for each category.</p>{form}"),
                json => { json.WriteStartObject(); json.WriteEndObject(); });
        var (asked, fault) = query.Case(matrix);
        if (asked is null) return SharingAnswer.Refuse(400, Section, fault!);
        var decision = matrix.Broker.Decide(TestRun.QuestionOf(protocol, asked), matrix.Now);
        return new(200, Title, Section, () =>
        {
            var main = Html.Of($"<p>The agreement <code>{protocol.Canonical}</code>, as if signed and in force.</p>{form}");
            foreach (var open in decision.Reasons.GroupBy(r => r.IsPermitted).OrderByDescending(g => g.Key)) Reasons(main, open);
            return main;
        }, json => MatrixJson.Write(json, protocol, decision, null));
    }

    private static void Reasons(Html main, IGrouping<bool, CategoryReason> reasons)
    {
        var word = reasons.Key ? "Open" : "Closed";
        main.Add($"<h2>{word}</h2>");
        var table = new HtmlTable(main, "list", $"{word} categories", "Category", "Answer", "Gate", "Clause", "Why");
        foreach (var reason in reasons)
        {
            var why = Html.Of($"{reason.Plain}");
            if (reason.Obligations.Count > 0) why.Add($"<p>Asked of those who receive it: {string.Join(", ", reason.Obligations)}</p>");
            table.Row(null, Html.Of($"{reason.Category}"), Html.Of($"{(reason.IsPermitted ? "open" : "closed")}"), Html.Of($"<code>{reason.Gate}</code>"),
                Html.Of($"{string.Join(", ", reason.Rules)}"), why);
        }
        table.Close();
    }

    private static Html Fields(SharingMatrix matrix, SharingQuery query) => FilterForm.Begin(Section)
        .Select("party", "Party that asks", FilterForm.Parties(matrix), query["party"], all: null)
        .Select("role", "Its role", matrix.Scope.Desks.Select(d => d.Role).OfType<string>().Where(r => r.Length > 0).Distinct(), query["role"], all: MatrixRow.NoRole)
        .Select("purpose", "Purpose", FilterForm.Purposes(matrix), query["purpose"], all: null)
        .Select("action", "Action", FilterForm.Actions, query["action"] ?? "read", all: null).Text("type", "Resource type", query["type"] ?? "CarePlan")
        .Select("record", "Record", FilterForm.Records, query["record"] ?? "others", all: null)
        .Select("tie", "Tie to the person", Relations.ByName.Keys, query["tie"], all: null)
        .Select("consent", "The person's Consent", [("none", "says nothing"), ("granted", "agrees"), ("refused", "refuses")], query["consent"], all: null)
        .End("Explain");
}
