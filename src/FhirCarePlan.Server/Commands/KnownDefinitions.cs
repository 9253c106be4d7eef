using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Server.Commands;

/// <summary>The definitions of the commands besides base R4: the package that comes with the program, and the given ones.</summary>
internal static class KnownDefinitions
{
    /// <summary>The folder of the package that comes with the program.</summary>
    public static string Own { get; } = Path.Combine(AppContext.BaseDirectory, "profiles");

    /// <summary>Null when something given cannot be read; the problem says what.</summary>
    public static DefinitionSet? With(IReadOnlyList<string> given, out string? problem)
    {
        problem = null;
        var report = new Report();
        var packages = new List<FhirPackage>();
        if (Directory.Exists(Own)) packages.Add(PackageReader.FromFolder(Own, report));
        foreach (var name in given)
            if (GivenPath.Find(name, Path.Exists) is { } path) packages.Add(PackageReader.FromPath(path, report));
            else report.Add(new Issue(IssueSeverity.Error, IssueType.NotFound, "", $"There is no package `{name}`"));
        var set = PackageOrder.Load(DefinitionSet.Base, packages, report);
        foreach (var issue in report.Issues)
            if (issue.Severity != IssueSeverity.Information) Console.Error.WriteLine(issue.Text);
        if (!report.HasErrors) return set;
        problem = "The definitions have errors, so they cannot be used";
        return null;
    }
}
