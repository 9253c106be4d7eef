using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Definitions.Packages;

/// <summary>Loads many packages, each in front of those it depends on.</summary>
public static class PackageOrder
{
    /// <summary>All `*.tgz` of a folder over a set; the report lists packages that are missing, duplicated or damaged.</summary>
    public static DefinitionSet Load(DefinitionSet over, string folder, Report report)
    {
        var packages = new List<FhirPackage>();
        foreach (var path in Directory.EnumerateFiles(folder, "*.tgz").Order(StringComparer.Ordinal))
        {
            using var file = File.OpenRead(path);
            var package = PackageReader.FromTgz(file, Path.GetFileName(path), report);
            if (package.Version.Length == 0)
                report.Add(new Issue(IssueSeverity.Error, IssueType.Invalid, "",
                    $"`{Path.GetFileName(path)}` has no package.json with a name and a version")
                { Key = "package" });
            packages.Add(package);
        }
        return Load(over, packages, report);
    }

    public static DefinitionSet Load(DefinitionSet over, IReadOnlyList<FhirPackage> packages, Report report)
    {
        var set = over;
        foreach (var several in packages.Where(p => p.Version.Length > 0).GroupBy(p => p.Name).Where(g => g.Count() > 1))
            report.Add(new Issue(IssueSeverity.Warning, IssueType.Duplicate, "",
                $"`{several.Key}` is there more than once: {string.Join(", ", several.Select(p => p.Version))}")
            { Key = "package" });
        var done = new HashSet<FhirPackage>(ReferenceEqualityComparer.Instance);
        foreach (var package in packages) Add(package);
        return set;

        void Add(FhirPackage package)
        {
            if (!done.Add(package)) return;
            // A circle ends here: its first package is loaded last.
            foreach (var dependency in package.Dependencies.Keys.Order(StringComparer.Ordinal))
                if (packages.FirstOrDefault(p => p.Name == dependency) is { } wanted) Add(wanted);
            set = set.With(package, report);
        }
    }
}
