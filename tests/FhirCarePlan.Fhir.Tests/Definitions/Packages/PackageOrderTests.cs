using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Tests.Definitions.Packages;

public class PackageOrderTests
{
    [Theory]
    [InlineData("a>b b>c c", "a")]
    [InlineData("c b>c a>b", "a")]
    [InlineData("b a>b", "a")]
    [InlineData("a b>a", "b")]
    public void What_depends_stands_in_front(string packages, string top)
    {
        var report = new Report();
        Assert.Equal(top, PackageOrder.Load(DefinitionSet.Base, Packages(packages), report).Package.Name);
        Assert.Empty(report.Issues);
    }

    [Theory]
    [InlineData("a>b b>a", "`b` depends on `a#1`")]
    [InlineData("a>x", "`a` depends on `x#1`")]
    public void Circles_and_gaps_are_reported(string packages, string problem)
    {
        var report = new Report();
        PackageOrder.Load(DefinitionSet.Base, Packages(packages), report);
        Assert.Contains(problem, report.Issues.Single().Text.Replace("#`", "`"));
    }

    private static List<FhirPackage> Packages(string text) => [.. text.Split(' ').Select(p => p.Split('>')).Select(p =>
        new FhirPackage(p[0], "", p.Length > 1 ? new Dictionary<string, string> { [p[1]] = "1" } : [], []))];
}
