using FhirCarePlan.Server.Answers;
using FhirCarePlan.Care;
using FhirCarePlan.Care.Lifecycles;
using FhirCarePlan.Fhir.Validation.Choosing;

namespace FhirCarePlan.Server.Guide;

/// <summary>Which profile binds what, the rules that need more than one resource, and which status may follow which.</summary>
internal static class RulesPage
{
    internal static IReadOnlyList<(string Type, Lifecycle Lifecycle)> Lifecycles { get; } =
    [
        ("CarePlan", PlanStatus.Lifecycle), ("Consent", ConsentStatus.Lifecycle), ("EpisodeOfCare", EpisodeStatus.Lifecycle), ("Task", RequestStatus.Lifecycle),
    ];

    public static byte[] Write(RuleTexts texts, ProfileTable table, GuidePackage package)
    {
        var main = new Html();
        main.Add($"<p class=\"lead\">Checked on every write, and without writing by <code>$validate</code> with a mode. A rule sees only what the writer may see. A refusal is 422 with the code <code>business-rule</code> and the rule's id; a second open assessment is 409 with the code <code>duplicate</code>.</p>");
        BindingTable.Write(main, table, package);
        main.Add($"<h2>Across resources</h2>");
        var rules = new HtmlTable(main, "list", "Rules across resources", "Rule", "On", "What it asks", "Reads the categories");
        foreach (var text in texts.All) rules.Row(text.Id, Html.Of($"{text.Id}"), Html.Of($"{text.On}"), Asked(text), Html.Of($"{string.Join(", ", Reads(text.Id))}"));
        rules.Close();
        main.Add($"<h2>Which status may follow which</h2><p>The tables limit changes only. A new task for another agency may not say that it was received, accepted or done.</p>");
        foreach (var (type, lifecycle) in Lifecycles) Write(main, type, lifecycle);
        return PageFrame.Write("Rules", "/profiles/rules", main);
    }

    private static Html Asked(RuleText text)
    {
        var cell = Html.Of($"{text.Says}");
        Motives.Write(cell, $"Motive {text.Because}");
        return cell;
    }

    private static IReadOnlyList<string> Reads(string id) => new Rules(true, null).All.FirstOrDefault(r => r.Id == id)?.Reads ?? [];

    private static void Write(Html main, string type, Lifecycle lifecycle)
    {
        main.Add($"<h3 id=\"{lifecycle.Id}\">{type} <code>{lifecycle.Id}</code></h3><p>{lifecycle.Otherwise}.</p>");
        var table = new HtmlTable(main, "list", $"Status of {type}", "From", "To");
        foreach (var status in lifecycle.Statuses) table.Row(null, Html.Of($"<code>{status}</code>"), Html.Of($"{string.Join(", ", lifecycle.After(status))}"));
        table.Close();
    }
}
