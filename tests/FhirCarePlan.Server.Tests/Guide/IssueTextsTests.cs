using System.Text.RegularExpressions;
using FhirCarePlan.Server.Guide.Suppliers;
using FhirCarePlan.Server.Settings;

namespace FhirCarePlan.Server.Tests.Guide;

/// <summary>`profiles/guide/issues.json` has every key that the code gives an issue, and no other.</summary>
public sealed partial class IssueTextsTests
{
    private static readonly string Sources = Path.Combine(Places.From(AppContext.BaseDirectory, AppContext.BaseDirectory).Repository!, "src");

    /// <summary>They never speak to a client: an agreement's own checks, a package's, the shell's, settings.</summary>
    private static readonly string[] Elsewhere = ["Linting", "Loading", "Commands", "Settings", "Facts", "Preparing", "Matrix", "Packages"];

    /// <summary>Made of two parts, or of names.</summary>
    private static readonly string[] Composed = ["G1 to G11", "id-mismatch", "right:[name]", "holder", "invalid_token", "scope", "token", "choice"];

    private static readonly string[] Quoted = ["private_key_jwt"];

    [Fact]
    public void Each_key_has_its_meaning_and_what_to_do()
    {
        var known = IssueTexts.Read(Path.Combine(AppContext.BaseDirectory, "profiles")).All;
        Assert.All(known, k => Assert.True(k.Found.EndsWith('.') && k.Fix.EndsWith('.'), k.Key));
        var given = Directory.EnumerateFiles(Sources, "*.cs", SearchOption.AllDirectories)
            .Where(f => Path.GetRelativePath(Sources, f).Split(Path.DirectorySeparatorChar) is [var project, .. var folders]
                && project is "FhirCarePlan.Fhir" or "FhirCarePlan.Server" or "FhirCarePlan.Sharing" && !folders.Any(p => p is "obj" or "bin" || Elsewhere.Contains(p)))
            .SelectMany(f => Key().Matches(File.ReadAllText(f)).Select(m => m.Groups.Cast<Group>().Skip(1).First(g => g.Success).Value)).Except(Quoted)
            // Invariants of R4 and of the profiles have their own words.
            .Where(k => !Invariant().IsMatch(k)).ToHashSet();
        Assert.True(given.Count > 100, $"{given.Count} keys");
        Assert.True(given.IsSubsetOf(known.Select(k => k.Key)), $"Give each a row in profiles/guide/issues.json: {string.Join(", ", given.Except(known.Select(k => k.Key)).Order())}");
        Assert.Equal("", string.Join(", ", known.Select(k => k.Key).Except(given).Except(Composed)));
    }

    [GeneratedRegex("""
        \b(?:Key =|key:|key =)\s"([a-z_][a-z0-9_-]*)"|IssueType\.\w+,\s*(?:[^",;]|"[^"]*"\]|\([^)]*\))+?,\s*"([a-z_][a-z0-9-]*)"|Refuse\(.*?, "[^"]*", "([a-z_-]+)"\)|(?:DidYouMean|NoAnswerKey) = "([a-z-]+)"
        """)]
    private static partial Regex Key();

    [GeneratedRegex("^[a-z]{2,4}-[0-9]+[a-z]?$|^cpa-")]
    private static partial Regex Invariant();
}
