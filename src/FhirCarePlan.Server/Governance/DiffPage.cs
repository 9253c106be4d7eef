using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Guide;
using FhirCarePlan.Sharing.Matrix;

namespace FhirCarePlan.Server.Governance;

/// <summary>What a draft would change of the agreement that the server enforces.</summary>
internal static class DiffPage
{
    public static SharingAnswer Of(MatrixDiff diff) => new(200, "What the draft changes", DraftPage.Section, () => Written(diff),
        json => MatrixJson.Write(json, diff, []), text => MatrixCsv.Write(text, diff));

    private static Html Written(MatrixDiff diff)
    {
        var main = Html.Of($"<p>Before: <code>{diff.Before.Canonical}</code>, SHA-256 <code>{diff.Before.Hash}</code>. After: <code>{diff.After.Canonical}</code>, SHA-256 <code>{diff.After.Hash}</code>.</p>");
        main.Add($"<p role=\"status\"><strong>{(diff.Widens ? "Something widens or may widen: every party has to sign." : diff.IsEmpty ? "Nobody sees or may do anything else." : "Nothing widens.")}</strong></p>");
        foreach (var way in diff.Flips.GroupBy(f => f.Widens)) Flips(main, way);
        if (diff.Other.Count == 0) return main;
        main.Add($"<h2>Changes that no cell shows</h2><ul>");
        foreach (var other in diff.Other) main.Add($"<li>{(other.MayWiden ? "May widen: " : "")}{other.Text}</li>");
        return main.Add($"</ul>");
    }

    private static void Flips(Html main, IGrouping<bool, Flip> flips)
    {
        var title = flips.Key ? "Widens: closed before, open after" : "Narrows: open before, closed after";
        main.Add($"<h2>{title}</h2>");
        var table = new HtmlTable(main, "list", title, "Party", "Change", "Roles", "May", "With", "In", "When", "Clause", "Such as");
        foreach (var flip in flips)
            table.Row(null, [Html.Of($"{flip.Row.Party}"), Html.Of($"{(flip.Widens ? "widens" : "narrows")}"), .. MatrixPage.Cells(flip.Row), Html.Of($"{flip.Example.ToString()}")]);
        table.Close();
    }
}
