using FhirCarePlan.Server.Answers;

namespace FhirCarePlan.Server.Guide;

/// <summary>What the field asks for, and where this guide or the service carries it.</summary>
internal static class RequirementsPage
{
    public static byte[] Write(GuidePackage package, RequirementList requirements, RuleTexts rules)
    {
        var carriers = new Carriers(package, rules);
        var main = new Html();
        main.Add($"<p class=\"lead\">What reports on the Care Programme Approach and on joined-up care ask of software, and what carries it here. Whatever is claimed is shown by a test that asks a running server over HTTP, named beside it; what no test shows is not claimed, and what is missing is said. A is the heart of the matter, B is needed for a full service, C is for reports or later.</p>");
        foreach (var chapter in requirements.Chapters)
        {
            main.Add($"<h2>{chapter.Name}</h2>");
            var table = new HtmlTable(main, "list", chapter.Name, "No.", "Asked for", "Weight", "Carried by", "Shown by");
            foreach (var requirement in chapter.Requirements)
                table.Row(requirement.Id, Html.Of($"{requirement.Id}"), Html.Of($"{requirement.Asks}"), Html.Of($"{requirement.Weight}"), By(requirement, carriers.Of(requirement.Id)), Tests(requirement));
            table.Close();
        }
        return PageFrame.Write("Requirements", "/profiles/requirements", main);
    }

    private static Html By(Requirement requirement, IEnumerable<Carrier> carriers)
    {
        var cell = new Html();
        if (requirement.ShownBy.Count > 0)
            foreach (var carrier in carriers) cell.Add($"<span class=\"part\"><a href=\"{carrier.Address}\">{carrier.Text}</a></span> ");
        if (requirement.By is { } by) cell.Add($"<p>{by}</p>");
        if (requirement.LeftOut is { } reason) cell.Add($"<p>{(requirement.ShownBy.Count > 0 ? "Not done" : "Left out")}: {reason}</p>");
        return cell;
    }

    private static Html Tests(Requirement requirement)
    {
        var cell = new Html();
        foreach (var test in requirement.ShownBy) cell.Add($"<span class=\"part\"><code>{test}</code></span> ");
        return cell;
    }
}
