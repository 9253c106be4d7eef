using System.Reflection;
using System.Text.RegularExpressions;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Http;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.Settings;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Tests;

/// <summary>The shape of the repository: which project may know which, and the entries of its top folder.</summary>
public class RepositoryTests
{
    [Theory]
    [InlineData("FhirCarePlan.Fhir", "")]
    [InlineData("FhirCarePlan.Sharing", "FhirCarePlan.Fhir")]
    [InlineData("FhirCarePlan.Storage", "FhirCarePlan.Fhir")]
    [InlineData("FhirCarePlan.Care", "FhirCarePlan.Fhir")]
    // Another engine's opinion on what FHIR is: it needs our model's findings to compare, and nothing of sharing, care or storage.
    [InlineData("FhirCarePlan.SecondOpinion", "FhirCarePlan.Fhir")]
    // FhirCarePlan.Client knows none of these: vendors take it alone (its own tests say so).
    [InlineData("FhirCarePlan.Server",
        "FhirCarePlan.Care FhirCarePlan.Fhir FhirCarePlan.SecondOpinion FhirCarePlan.Sharing FhirCarePlan.Storage")]
    public void What_decides_about_sharing_knows_neither_database_nor_HTTP(string project, string known)
    {
        var references = Assembly.Load(project).GetReferencedAssemblies().Select(a => a.Name!).ToList();
        Assert.Equal(known, string.Join(' ', references.Where(n => n.StartsWith("FhirCarePlan.", StringComparison.Ordinal)).Order()));
        if (project is "FhirCarePlan.Fhir" or "FhirCarePlan.Sharing" or "FhirCarePlan.Care")
            Assert.DoesNotContain(references, n => n.Contains("AspNetCore", StringComparison.Ordinal)
                || n.Contains("Data", StringComparison.Ordinal) && n != "System.Data.Common"
                || n.Contains("Net.Http", StringComparison.Ordinal));
    }

    /// <summary>Files that cut something else at a slash (mime types, names of files, routes, JSON Pointers, any address).</summary>
    private static readonly string[] CutsSomethingElse =
    [
        "Fhir/Model/Reference.cs", "Fhir/Definitions/CodeGrammar.cs", "Fhir/Definitions/Packages/PackageReader.cs",
            "Storage/Search/UriSql.cs",
        "Server/Requests/InteractionTable.cs", "Server/Interactions/BundleEntries.cs", "Fhir/Patching/JsonPointer.cs",
    ];

    [Fact]
    public void Nobody_but_the_reference_takes_type_and_id_apart()
    {
        var src = Path.Combine(Places.From(AppContext.BaseDirectory, AppContext.BaseDirectory).Repository!, "src");
        var cuts = new Regex("""(Split|IndexOf)\(\s*(\(byte\))?['"]/['"]""");
        var found = from file in Directory.EnumerateFiles(src, "*.cs", SearchOption.AllDirectories)
                    let name = Path.GetRelativePath(src, file).Replace('\\', '/').Replace("FhirCarePlan.", "", StringComparison.Ordinal)
                    where !name.Contains("/obj/", StringComparison.Ordinal) && !CutsSomethingElse.Contains(name)
                        && cuts.IsMatch(File.ReadAllText(file))
                    select name;
        Assert.Equal("", string.Join(' ', found));
    }

    [Fact]
    public void There_is_one_reference()
    {
        string[] projects = ["FhirCarePlan.Fhir", "FhirCarePlan.Sharing", "FhirCarePlan.Care", "FhirCarePlan.Storage",
            "FhirCarePlan.Server"];
        var types = projects.SelectMany(p => Assembly.Load(p).GetTypes())
            .Where(t => t.Name is "Reference" or "References" or "ReferenceTarget").Select(t => t.FullName!);
        Assert.Equal("FhirCarePlan.Fhir.Model.Reference", string.Join(' ', types.Order()));
    }

    [Fact]
    public void Nothing_else_lies_at_the_top()
    {
        string[] allowed = ["src", "tests", "profiles", "samples", "openapi", "FhirCarePlan.sln", "README.md"];
        string[] made = ["data", "TestResults"]; // not committed
        var root = Places.From(AppContext.BaseDirectory, AppContext.BaseDirectory).Repository!;
        var there = Directory.EnumerateFileSystemEntries(root).Select(Path.GetFileName).Where(n => !n!.StartsWith('.')).Except(made);
        Assert.Equal(allowed.Order(StringComparer.Ordinal), there.Order(StringComparer.Ordinal));
    }
}
