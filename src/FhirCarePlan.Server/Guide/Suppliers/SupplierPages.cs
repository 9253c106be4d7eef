using System.Collections.Frozen;
using FhirCarePlan.Server.Answers;

namespace FhirCarePlan.Server.Guide.Suppliers;

/// <summary>A page for those who connect a system.</summary>
/// <param name="Name">`start`: it is at `/profiles/start`.</param>
/// <param name="Says">What it is for, in one sentence.</param>
public sealed record SupplierPage(string Name, string Title, string Says, Func<Html> Main)
{
    public string Address => $"/profiles/{Name}";
}

/// <summary>The pages for suppliers, in the order in which they are read. What a page says comes from the program's own tables and settings.</summary>
public sealed class SupplierPages
{
    private readonly FrozenDictionary<string, SupplierPage> byName;

    public SupplierPages(StartPage start, SecurityPage security, ViewsPage views, ErrorsPage errors, ChangesPage changes, AgreementPage agreement)
    {
        All =
        [
            new("start", "Start here", "From a token to the first read in five calls.", start.Write),
            new("security", "Security and identity", "Which tokens are good, what they must say, and what every 401 means.", security.Write),
            new("views", "Partial views", "What a reader sees who may not see everything, and how to show it.", views.Write),
            new("errors", "Errors", "Every status, rule and issue, and what to do about it.", errors.Write),
            new("changes", "Versions and changes", "What may change, how you notice, and what has changed.", changes.Write),
            new("agreement", "The sharing agreement", "How to read the agreement in force: parties, purposes, categories, rules.", agreement.Write),
        ];
        byName = All.ToFrozenDictionary(p => p.Name, StringComparer.Ordinal);
    }

    public IReadOnlyList<SupplierPage> All { get; }

    /// <summary>Null when there is no such page.</summary>
    public byte[]? Write(string name) => byName.GetValueOrDefault(name) is { } page ? Framed(page) : null;

    private byte[] Framed(SupplierPage page)
    {
        var main = Html.Of($"<p class=\"lead\">{page.Says}</p>{page.Main()}<h2 id=\"more\">More for suppliers</h2><ul>");
        foreach (var other in All)
            if (other != page) main.Add($"<li><a href=\"{other.Address}\">{other.Title}</a>: {other.Says}</li>");
        main.Add($"<li><a href=\"/profiles/search\">Search</a>: the questions a service asks most, as searches.</li></ul>");
        return PageFrame.Write(page.Title, "/profiles/start", main);
    }
}
