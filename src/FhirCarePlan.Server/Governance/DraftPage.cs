using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Guide;
using FhirCarePlan.Sharing;
using FhirCarePlan.Sharing.Matrix;

namespace FhirCarePlan.Server.Governance;

/// <summary>`/sharing/draft`: a draft pasted or sent, checked or compared. It is read, answered and forgotten.</summary>
internal static class DraftPage
{
    public const string Section = "/sharing/draft";
    /// <summary>Three times the shipped agreement.</summary>
    public const int MostBytes = 320 << 10;
    internal static readonly (string Name, string Words)[] Asks =
        [("check", "Check it"), ("diff", "Compare it with the agreement in force"), ("matrix", "Who may see and do what under it")];

    public static SharingAnswer Form() => new(200, "Try a draft", Section, () =>
    {
        var main = Html.Of($"<p>Paste a draft, or choose its file. The server reads it, answers, and keeps nothing. At most {MostBytes >> 10} kB. Leave out names of people: a check does not need them.</p>");
        main.Add($"<form class=\"fields\" action=\"{Section}\" method=\"post\" enctype=\"multipart/form-data\"><p class=\"wide\"><label for=\"draft\">Draft (YAML)</label><textarea id=\"draft\" name=\"draft\" rows=\"12\" spellcheck=\"false\"></textarea></p>");
        main.Add($"<p class=\"wide\"><label for=\"file\">Or its file</label><input id=\"file\" name=\"file\" type=\"file\" accept=\".yaml,.yml\"></p><p><label for=\"ask\">Question</label><select id=\"ask\" name=\"ask\">");
        foreach (var (name, words) in Asks) main.Add($"<option value=\"{name}\">{words}</option>");
        main.Add($"</select></p><p><label for=\"format\">As</label><select id=\"format\" name=\"format\">");
        foreach (var (name, words) in FilterForm.Formats) main.Add($"<option value=\"{name}\">{words}</option>");
        return main.Add($"</select></p><p><button type=\"submit\">Ask</button></p></form><p><a href=\"/sharing/checks\">What a check looks for</a></p>");
    }, json => { json.WriteStartObject(); json.WriteEndObject(); });

    /// <param name="admitted">The server adds clients to the agreement in force. This adds the same to the draft, so that the comparison does not report them.</param>
    public static SharingAnswer Of(byte[] draft, SharingQuery query, SharingMatrix inForce, Func<Protocol, Protocol> admitted, DateTimeOffset now, bool isCsv)
    {
        var ask = query["ask"] ?? "check";
        if (SharingQuery.Unknown("question", ask, Asks.Select(a => a.Name)) is { } fault) return SharingAnswer.Refuse(400, Section, fault);
        var file = ProtocolFile.Read("draft.yaml", draft, null, DateOnly.FromDateTime(now.UtcDateTime), MatrixCost.MostParts);
        if (ask == "check") return IssuesPage.Of(200, file);
        if (file.Protocol is not { } read || file.Issues.Any(i => i.IsError && !i.IsOfTests)) return IssuesPage.Of(422, file);
        var protocol = admitted(read);
        if (MatrixCost.TooMuch(ask == "diff" ? [inForce.Protocol, protocol] : [protocol]) is { } much) return SharingAnswer.Refuse(422, Section, much);
        return ask == "diff" ? DiffPage.Of(MatrixDiff.Between(inForce.Protocol, protocol, now)) : MatrixPage.Of(SharingMatrix.Of(protocol, now), query, isInForce: false, isCsv);
    }
}
