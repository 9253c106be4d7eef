using System.Globalization;
using System.Text.RegularExpressions;
using FhirCarePlan.Sharing.Tests.Loading;
using YamlDotNet.RepresentationModel;

namespace FhirCarePlan.Sharing.Tests.Linting;

/// <summary>tests/cases/sharing/checks.yaml: each row breaks a sound agreement in one way, and the check named finds it in its
/// place.</summary>
public partial class CheckCases
{
    private static readonly DateOnly today = new(2026, 1, 1);
    private static readonly List<YamlMappingNode> rows = Read();

    public static TheoryData<int, string> Rows
    {
        get
        {
            var data = new TheoryData<int, string>();
            for (var i = 0; i < rows.Count; i++) data.Add(i, Text(rows[i], "check")!);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Finds(int number, string check)
    {
        var row = rows[number];
        var text = Changed(row);
        var hash = ProtocolFile.HashOf(System.Text.Encoding.UTF8.GetBytes(text));
        var signatures = Text(row, "signatures")?.Replace("HASH", hash, StringComparison.Ordinal);
        var issues = ProtocolFileTests.Read(text, signatures, today).Issues;

        Assert.True(issues.Any(i => i.Check == check), $"not found among: {string.Join('\n', issues)}");
        var found = issues.First(i => i.Check == check);
        Assert.Equal(Text(row, "at"), string.Create(CultureInfo.InvariantCulture, $"{found.Line}:{found.Column}"));
        Assert.Equal(Checks.Of(check)!.Severity, found.Severity);
        Assert.NotEmpty(found.Mend);
    }

    [Fact]
    public void The_agreement_they_break_is_sound() =>
        Assert.Equal("", string.Join('\n', ProtocolFileTests.Read(ProtocolFileTests.Small, null, today).Issues));

    [Fact]
    public void Each_check_has_a_row_and_each_row_a_check() =>
        Assert.Equal(Checks.All.Select(c => c.Id).Order(), rows.Select(r => Text(r, "check")!).Distinct().Order());

    [Fact]
    public void There_are_at_least_forty() => Assert.True(Checks.All.Count >= 40);

    /// <summary>An id that is misspelt in the code would have no reason and no row.</summary>
    [Fact]
    public void The_code_reports_under_ids_of_the_table_alone()
    {
        var source = Path.Combine(Repository.Root, "src", "FhirCarePlan.Sharing");
        var ids = new[] { "Linting", "Loading" }.SelectMany(f => Directory.GetFiles(Path.Combine(source, f), "*.cs"))
            .SelectMany(f => Reported().Matches(File.ReadAllText(f))).Select(m => (Kind: m.Groups[1].Value, Id: m.Groups[2].Value))
                .ToList();
        Assert.True(ids.Count > 40);
        Assert.All(ids, said => Assert.Equal(said.Kind == "Warning", Checks.Of(said.Id) is { IsError: false }));
        Assert.All(ids, said => Assert.NotNull(Checks.Of(said.Id)));
    }

    [GeneratedRegex("""report\.(Error|Warning|ErrorAt)\(\s*"([a-z0-9-]+)"(?=,)""")]
    private static partial Regex Reported();

    private static string Changed(YamlMappingNode row)
    {
        var text = ProtocolFileTests.Small;
        foreach (var change in (row.Children.TryGetValue("change", out var all) ? (YamlSequenceNode)all : []).Cast<YamlMappingNode>())
        {
            var (found, by) = (Text(change, "found")!, Text(change, "by")!);
            if (Text(row, "times") is { } times && by.Contains("{n}", StringComparison.Ordinal))
                by = string.Concat(Enumerable.Range(0, int.Parse(times, CultureInfo.InvariantCulture))
                    .Select(n => by.Replace("{n}", $"{n}", StringComparison.Ordinal))) + found;
            Assert.Contains(found, text);
            text = text.Replace(found, by, StringComparison.Ordinal);
        }
        return text;
    }

    private static string? Text(YamlMappingNode row, string key) =>
        row.Children.TryGetValue(key, out var node) ? ((YamlScalarNode)node).Value : null;

    private static List<YamlMappingNode> Read()
    {
        var stream = new YamlStream();
        using var reader = new StreamReader(Path.Combine(Repository.Cases("sharing"), "checks.yaml"));
        stream.Load(reader);
        return [.. ((YamlSequenceNode)stream.Documents[0].RootNode).Cast<YamlMappingNode>()];
    }
}
