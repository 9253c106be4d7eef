using System.Reflection;
using FhirCarePlan.Server.Settings;

namespace FhirCarePlan.Server.Tests;

/// <summary>The shape of the whole: which project may know which, and what lies at the top.</summary>
public class RepositoryTests
{
    [Theory]
    [InlineData("FhirCarePlan.Fhir", "")]
    [InlineData("FhirCarePlan.Sharing", "FhirCarePlan.Fhir")]
    [InlineData("FhirCarePlan.Storage", "FhirCarePlan.Fhir")]
    [InlineData("FhirCarePlan.Care", "FhirCarePlan.Fhir")]
    [InlineData("FhirCarePlan.Server", "FhirCarePlan.Care FhirCarePlan.Fhir FhirCarePlan.Sharing FhirCarePlan.Storage")]
    public void What_decides_about_sharing_knows_neither_database_nor_HTTP(string project, string known)
    {
        var references = Assembly.Load(project).GetReferencedAssemblies().Select(a => a.Name!).ToList();
        Assert.Equal(known, string.Join(' ', references.Where(n => n.StartsWith("FhirCarePlan.", StringComparison.Ordinal)).Order()));
        if (project is "FhirCarePlan.Fhir" or "FhirCarePlan.Sharing" or "FhirCarePlan.Care")
            Assert.DoesNotContain(references, n => n.Contains("AspNetCore", StringComparison.Ordinal) || n.Contains("Data", StringComparison.Ordinal) && n != "System.Data.Common" || n.Contains("Net.Http", StringComparison.Ordinal));
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
