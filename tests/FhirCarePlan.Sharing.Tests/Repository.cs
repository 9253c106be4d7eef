namespace FhirCarePlan.Sharing.Tests;

/// <summary>Folders of the repository, found above the test binaries.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string Sharing => Path.Combine(Root, "profiles", "sharing");
    public static string Cases(string folder) => Path.Combine(Root, "tests", "cases", folder);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "FhirCarePlan.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("No FhirCarePlan.sln above the tests.");
    }
}
