using System.Text;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Tests.Validation;

namespace FhirCarePlan.Fhir.Tests.Definitions.Packages;

public class DefinitionSetTests
{
    private static readonly string Name1 = Check.Definition("a", "Patient", """{"path":"Patient.name","min":1}""");
    private static readonly string Name2 = Check.Definition("a", "Patient", """{"path":"Patient.name","min":2}""");

    [Theory]
    [InlineData("http://test.example/StructureDefinition/a", true)]
    [InlineData("http://test.example/StructureDefinition/a|9.9", true)]
    [InlineData("http://test.example/StructureDefinition/b", false)]
    [InlineData("http://hl7.org/fhir/StructureDefinition/Patient", false)]
    public void Profiles_by_canonical(string canonical, bool found) =>
        Assert.Equal(found, Check.Definitions(Name1).Profile(canonical) != null);

    [Fact]
    public void A_later_package_stands_in_front_and_leaves_the_earlier_set_as_it_was()
    {
        var first = Check.Definitions(Name1);
        var report = new Report();
        var second = first.With(Package("later", Name2), report);
        Assert.Equal(1, Min(first));
        Assert.Equal(2, Min(second));
        Assert.Contains("replaces the one", report.Issues.Single().Text);

        static int? Min(DefinitionSet set) => set.Snapshot("http://test.example/StructureDefinition/a")!.Root.Child("name")!.Definition.Min;
    }

    [Fact]
    public void Twice_in_one_package_is_reported_and_the_first_counts()
    {
        var report = new Report();
        var set = DefinitionSet.Base.With(Package("twice", Name1, Name2), report);
        Assert.Contains("twice", report.Issues.Single().Text);
        Assert.Equal(1, set.Profile("http://test.example/StructureDefinition/a")!.Differential[0].Min);
    }

    [Fact]
    public void A_dependency_that_is_not_there_is_reported()
    {
        var report = new Report();
        DefinitionSet.Base.With(new FhirPackage("x", "1",
            new Dictionary<string, string> { ["hl7.fhir.r4.core"] = "4.0.1", ["other"] = "2" }, []), report);
        Assert.Contains("`other#2`", report.Issues.Single().Text);
    }

    [Fact]
    public void A_broken_definition_says_why_and_breaks_nothing_else()
    {
        var set = DefinitionSet.Base.With(Package("x", Name1.Replace("\"status\":\"active\"", "\"statsu\":\"active\"")), new Report());
        Assert.Null(set.Profile("http://test.example/StructureDefinition/a", out var problem));
        Assert.Contains("statsu", problem);
        var report = Check.With(new Fhir.Validation.Validator(set, Check.Clock), """{"resourceType":"Patient"}""",
            ["http://test.example/StructureDefinition/a"]);
        Assert.Contains("cannot be used", report.Issues.Single(i => i.IsError).Text);
    }

    [Fact]
    public void Profiles_that_are_made_of_each_other_end()
    {
        static string Over(string name, string other) => Check.Definition(name, "Patient", """{"path":"Patient.name","min":1}""")
            .Replace("http://hl7.org/fhir/StructureDefinition/Patient", $"http://test.example/StructureDefinition/{other}");
        var report = new Report();
        Assert.Null(Check.Definitions(Over("a", "b"), Over("b", "a")).Snapshot("http://test.example/StructureDefinition/a", report));
        Assert.Contains("cannot be resolved", report.Issues[^1].Text);
    }

    private static FhirPackage Package(string name, params string[] resources) =>
        FhirPackage.Of(name, resources.Select((json, i) => PackageFile.Peek($"{i}", Encoding.UTF8.GetBytes(json))!));
}
