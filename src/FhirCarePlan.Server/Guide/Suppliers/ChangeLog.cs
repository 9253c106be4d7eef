using System.Text.RegularExpressions;
using FhirCarePlan.Server.Answers;

namespace FhirCarePlan.Server.Guide.Suppliers;

/// <summary>src/docs/CHANGELOG.md, which comes with the program: what a client notices, by release.</summary>
internal static partial class ChangeLog
{
    private const string ForClients = "### What a client notices";

    internal sealed record Release(string Name, IReadOnlyList<string> Client);

    public static IReadOnlyList<Release> Releases { get; } = Read();

    private static List<Release> Read()
    {
        using var stream = typeof(ChangeLog).Assembly.GetManifestResourceStream("changes")!;
        using var text = new StreamReader(stream);
        return Of(text.ReadToEnd());
    }

    /// <summary>`## NAME` begins a release; under the heading for clients `- ` begins a change, and an indented line goes on with it.</summary>
    internal static List<Release> Of(string text)
    {
        var releases = new List<Release>();
        List<string>? changes = null;
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
            if (line.StartsWith("## ", StringComparison.Ordinal)) releases.Add(new(line[3..], changes = []));
            else if (line.StartsWith("### ", StringComparison.Ordinal)) changes = line == ForClients && releases.Count > 0 ? (List<string>)releases[^1].Client : null;
            else if (changes is null) continue;
            else if (line.StartsWith("- ", StringComparison.Ordinal)) changes.Add(line[2..]);
            else if (line.StartsWith("  ", StringComparison.Ordinal) && changes.Count > 0) changes[^1] += " " + line.Trim();
        return releases;
    }

    /// <summary>`code` as code, links as their words: what they lead to does not come with the guide.</summary>
    public static Html Marked(string change)
    {
        var html = new Html();
        var text = Link().Replace(change, "$1");
        var at = 0;
        foreach (Match code in Code().Matches(text))
        {
            html.Add($"{text[at..code.Index]}<code>{code.Groups[2].Value.Trim()}</code>");
            at = code.Index + code.Length;
        }
        return html.Add($"{text[at..]}");
    }

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex Link();

    /// <summary>As many backticks after it as before.</summary>
    [GeneratedRegex(@"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")]
    private static partial Regex Code();
}
