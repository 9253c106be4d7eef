using System.Text.RegularExpressions;
using FhirCarePlan.Server.Settings;

namespace FhirCarePlan.Server.Tests;

/// <summary>A pointer to a document leads to one in the repository, and to a heading that it has.</summary>
public partial class DocumentsTests
{
    private static readonly string Root = Places.From(AppContext.BaseDirectory, AppContext.BaseDirectory).Repository!;
    private static readonly string[] Read = [".cs", ".sql", ".csproj", ".props", ".targets", ".css", ".yaml", ".json", ".txt"];

    [Fact]
    public void Comments_point_at_documents_of_the_repository()
    {
        var wrong = new List<string>();
        foreach (var file in Sources())
        {
            var number = 0;
            foreach (var line in File.ReadLines(Path.Combine(Root, file)))
            {
                number++;
                foreach (Match pointer in Pointer().Matches(line))
                    if (!IsThere(pointer.Groups["path"].Value, pointer.Groups["heading"].Value))
                        wrong.Add($"{file}:{number} {pointer.Value}");
                if (Outside().IsMatch(line)) wrong.Add($"{file}:{number} {line.Trim()}");
            }
        }
        Assert.Equal("", string.Join('\n', wrong));
    }

    [Fact]
    public void Links_between_documents_lead_somewhere()
    {
        var wrong = new List<string>();
        string[] documents = ["README.md", .. Directory.EnumerateFiles(Path.Combine(Root, "src/docs"), "*.md")
            .Select(f => Path.GetRelativePath(Root, f))];
        foreach (var document in documents)
            foreach (Match link in Link().Matches(File.ReadAllText(Path.Combine(Root, document))))
            {
                var path = link.Groups["path"].Value is { Length: > 0 } given
                    ? Path.Combine(Path.GetDirectoryName(document)!, given) : document;
                if (!IsThere(path, link.Groups["heading"].Value)) wrong.Add($"{document} {link.Value}");
            }
        Assert.Equal("", string.Join('\n', wrong));
    }

    [Theory]
    [InlineData("src/docs/sharing.md", "ties", true)]
    [InlineData("src/docs/operations.md", "the-ledgers-key", true)]
    [InlineData("src/docs/sharing.md", "bonds", false)]
    [InlineData("sharing.md", "", false)]
    public void Knows_what_is_there(string path, string heading, bool isThere) => Assert.Equal(isThere, IsThere(path, heading));

    private static IEnumerable<string> Sources() =>
        from folder in (string[])["src", "tests", "profiles/sharing"]
        from file in Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories)
        let name = Path.GetRelativePath(Root, file).Replace('\\', '/')
        where Read.Contains(Path.GetExtension(name)) && !name.Contains("/obj/", StringComparison.Ordinal)
            && !name.Contains("/bin/", StringComparison.Ordinal)
            && !name.EndsWith("DocumentsTests.cs", StringComparison.Ordinal)
        select name;

    private static bool IsThere(string path, string heading)
    {
        var file = Path.Combine(Root, path);
        return File.Exists(file) && (heading.Length == 0 || File.ReadLines(file).Any(l => l.StartsWith('#') && Anchor(l) == heading));
    }

    /// <summary>`## The ledger's key` → `the-ledgers-key`.</summary>
    private static string Anchor(string heading) =>
        NoLetter().Replace(heading.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"(?<path>[\w./-]*\w\.md)\b(#(?<heading>[\w-]+))?")]
    private static partial Regex Pointer();

    [GeneratedRegex(@"\]\((?!https?:)(?<path>[^)#]*)(#(?<heading>[^)]+))?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\w -]")]
    private static partial Regex NoLetter();

    /// <summary>Sections and numbers of documents that are not here.</summary>
    [GeneratedRegex(@"\.md §|\b(domain|issue|leak) \d+\.\d|//.*\bissue \d|shared/design")]
    private static partial Regex Outside();
}
