using FhirCarePlan.Server.Answers;

namespace FhirCarePlan.Server.Guide;

/// <summary>All extensions with the elements they are used on.</summary>
internal static class ExtensionListPage
{
    public static byte[] Write(GuidePackage package)
    {
        var main = new Html();
        main.Add($"<p class=\"lead\">Data for which R4 has no element. UK Core's extensions are used unchanged and are not repeated here.</p>");
        var table = new HtmlTable(main, "list", "Extensions", "Extension", "Used on", "What it says");
        foreach (var extension in package.Of(GuideKind.Extension))
            table.Row(extension.Name, Html.Of($"<a href=\"{extension.Address}\">{extension.Title}</a>"),
                Html.Of($"{string.Join(", ", package.Definitions.Profile(extension.Url)?.Contexts.Select(c => c.Expression) ?? [])}"),
                    Html.Of($"{extension.Description}"));
        table.Close();
        return PageFrame.Write("Extensions", "/profiles/extensions", main);
    }
}
