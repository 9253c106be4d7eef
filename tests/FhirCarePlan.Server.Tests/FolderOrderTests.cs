using System.Text.RegularExpressions;
using FhirCarePlan.Server.Settings;

namespace FhirCarePlan.Server.Tests;

/// <summary>The folders of the Server have an order: a folder may know those before it, so there are no circles.</summary>
public partial class FolderOrderTests
{
    private static readonly string Server = Path.Combine(Places.From(AppContext.BaseDirectory, AppContext.BaseDirectory)
        .Repository!, "src", "FhirCarePlan.Server");

    private static readonly Dictionary<string, HashSet<string>> Uses = Directory.EnumerateDirectories(Server)
        .Where(d => Path.GetFileName(d) is not ("obj" or "bin" or "Properties") && Directory.EnumerateFiles(d, "*.cs").Any())
        .ToDictionary(d => Path.GetFileName(d), d => Directory.EnumerateFiles(d, "*.cs", SearchOption.AllDirectories)
            .SelectMany(f => Using().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Value)).Where(u => u != Path.GetFileName(d))
                .ToHashSet());

    [Fact]
    public void No_circle_of_folders()
    {
        Assert.True(Uses.Count > 8 && Uses.Values.Sum(u => u.Count) > 20, "the folders were not found");
        var left = Uses.ToDictionary(u => u.Key, u => u.Value.Where(Uses.ContainsKey).ToHashSet());
        while (left.Where(l => l.Value.Count == 0).Select(l => l.Key).ToList() is { Count: > 0 } free)
            foreach (var folder in free)
            {
                left.Remove(folder);
                foreach (var uses in left.Values) uses.Remove(folder);
            }
        Assert.Equal([], left.Select(l => $"{l.Key} → {string.Join(", ", l.Value)}"));
    }

    /// <summary>The top puts the others together; no folder knows it.</summary>
    [Fact]
    public void Namespaces_are_folders()
    {
        foreach (var file in Directory.EnumerateFiles(Server, "*.cs", SearchOption.AllDirectories))
        {
            var folder = Path.GetRelativePath(Server, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.');
            if (folder.StartsWith("obj", StringComparison.Ordinal) || folder.StartsWith("bin", StringComparison.Ordinal)
                || Path.GetFileName(file) == "Program.cs") continue;
            Assert.Contains($"namespace FhirCarePlan.Server{(folder == "." ? "" : $".{folder}")};", File.ReadAllText(file),
                StringComparison.Ordinal);
        }
    }

    [GeneratedRegex(@"^using FhirCarePlan\.Server\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex Using();
}
