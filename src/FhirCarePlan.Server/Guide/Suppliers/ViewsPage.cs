using FhirCarePlan.Server.Answers;
using FhirCarePlan.Sharing;
using FhirCarePlan.Sharing.Views;

namespace FhirCarePlan.Server.Guide.Suppliers;

/// <summary>What a partial view looks like, and what a client makes of it. src/docs/sharing.md#markers-and-refusals</summary>
public sealed class ViewsPage(Asking asking, Protocol protocol)
{
    private const string System = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";

    internal Html Write()
    {
        var page = new Html();
        page.Add($"<p>Every answer is the answer of a server that holds only what you may see. What is withheld is not there: not in reads, searches, totals, pages, includes or errors. That something may be withheld is said by marks.</p>");
        page.Add($"<h2 id=\"marks\">The marks</h2>");
        var marks = new HtmlTable(page, "list", "Marks of a partial view", "Mark", "Where", "What it means");
        marks.Row("REDACTED", Html.Of($"<code>REDACTED</code>"), Html.Of($"<code>meta.security</code>, system <code>{System}</code>"),
            Html.Of($"You may not see every category that such a resource can carry."));
        marks.Row("SUBSETTED", Html.Of($"<code>SUBSETTED</code>"), Html.Of($"<code>meta.tag</code>, system <code>{System}</code>"),
            Html.Of($"This may be a part. With <code>_summary</code> or <code>_elements</code> it is the part that you asked for, and cannot be written back."));
        marks.Row("withheld", Html.Of($"<a href=\"/profiles/Extension-CPA-Withheld\">Withheld</a>"), Html.Of($"<code>meta.extension</code>, url <code>{ViewMarks.WithheldUrl}</code>"),
            Html.Of($"<code>category</code> names what is withheld, <code>clause</code> says under which agreement, <code>ask</code> says whom to ask."));
        marks.Close();
        page.Add($"<p>The marks depend on you and the type of resource, never on the record. They stand on every resource of the type, whether or not anything was cut from this one. So a mark does not tell that there is more, and the lack of an element does not tell that there is none.</p>");
        page.Add($"<h2 id=\"show\">How to show it</h2><ul>");
        foreach (var advice in Advice) page.Add($"<li>{advice}</li>");
        page.Add($"</ul><h2 id=\"see\">See it</h2>");
        Call.Write(page, Calls());
        page.Add($"<h2 id=\"categories\">The categories</h2><p>Of the agreement in force. These words are written for people: show them as they are.</p>");
        var categories = new HtmlTable(page, "list", "Categories of data", "Code", "In plain words");
        foreach (var category in protocol.Categories) categories.Row($"category-{category.Id}", Html.Of($"<code>{category.Id}</code>"), Html.Of($"{category.Plain}"));
        categories.Close();
        return page;
    }

    private static readonly string[] Advice =
    [
        "Say on every screen that shows a marked resource that some information may be withheld, name the categories in the words below, and offer the clause and whom to ask.",
        "Never write “none recorded” for an element of a withheld category. Write “not shown to you”.",
        "Do not work out alerts, totals or scores from a marked resource as if it were whole.",
        "A read that finds nothing is 404 whether the resource is hidden or was never there. Show “not found”, nothing more.",
        "Do not offer to change a marked resource: who lacks a category of its type may not change it (403), so that nothing hidden is lost. Write a resource of your own beside it.",
        "Do not send back a part that you asked for with _summary or _elements: it is refused (422, subsetted).",
        "Do not keep a partial view as the record. Another user, role or purpose sees another one.",
    ];

    private IEnumerable<Call> Calls()
    {
        var persona = asking.Somebody("housing-officer");
        yield return asking.HasPersonas
            ? new("A token of somebody who may not see all", asking.TokenFor(persona.Id), "eyJ", $"You are {persona.Name}: {persona.Plain}.")
            : new("A token", asking.TokenFor(""), "eyJ", "As on the first page.");
        yield return new("A partial view", asking.Get(asking.HasSamples ? "CarePlan/robin-plan" : "CarePlan/[id]"), "\"code\":\"SUBSETTED\"", "Its meta has the three marks.");
    }
}
