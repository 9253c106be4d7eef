using FhirCarePlan.Server.Answers;

namespace FhirCarePlan.Server.Guide;

/// <summary>What the field asks for, and where this guide or the service carries it.</summary>
internal static class RequirementsPage
{
    public static byte[] Write(GuidePackage package, RequirementList requirements, RuleTexts rules)
    {
        var carriers = new Carriers(package, rules);
        var main = new Html();
        main.Add($"<p class=\"lead\">What reports on the Care Programme Approach and on joined-up care ask of software, and what carries it here. A is the heart of the matter, B is needed for a full service, C is for reports or later.</p>");
        foreach (var chapter in requirements.Chapters)
        {
            main.Add($"<h2>{chapter.Name}</h2>");
            var table = new HtmlTable(main, "list", chapter.Name, "No.", "Asked for", "Weight", "Carried by");
            foreach (var requirement in chapter.Requirements)
                table.Row(requirement.Id, Html.Of($"{requirement.Id}"), Html.Of($"{requirement.Asks}"), Html.Of($"{requirement.Weight}"), By(requirement, carriers.Of(requirement.Id)));
            table.Close();
        }
        return PageFrame.Write("Requirements", "/profiles/requirements", main);
    }

    private static Html By(Requirement requirement, IEnumerable<Carrier> carriers)
    {
        var cell = new Html();
        foreach (var carrier in carriers) cell.Add($"<span class=\"part\"><a href=\"{carrier.Address}\">{carrier.Text}</a></span> ");
        if (requirement.By is { } by) cell.Add($"<p>{by}</p>");
        if (requirement.LeftOut is { } reason) cell.Add($"<p>Left out: {reason}</p>");
        return cell;
    }
}
