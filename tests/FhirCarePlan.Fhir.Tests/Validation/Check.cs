using System.Text;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation;
using FhirCarePlan.Fhir.Validation.Choosing;

namespace FhirCarePlan.Fhir.Tests.Validation;

/// <summary>Validates what a test writes down, so that a test is one line.</summary>
internal static class Check
{
    public static readonly TimeProvider Clock = new FixedClock(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero));

    private static readonly Lazy<Validator> R4Validator = new(() => new Validator(DefinitionSet.Base, Clock));
    private static readonly Lazy<Validator> CpaValidator = new(() => new Validator(Cpa!, Clock));

    /// <summary>The package of this repository.</summary>
    public static DefinitionSet Cpa { get; } = Quietly(r => DefinitionSet.Base.With(PackageReader.FromFolder(Path.Combine(SharedData.Repository, "profiles"), r), r));

    /// <summary>What binds when.</summary>
    public static ProfileTable Table { get; } = ProfileTable.Read(Path.Combine(SharedData.Repository, "profiles"));

    public static Validator CpaPackage => CpaValidator.Value;

    /// <summary>Against base R4.</summary>
    public static Report Base(string json, ValidateOptions? options = null) => With(R4Validator.Value, json, [], options);

    /// <summary>Against a profile written as differential elements over a type: `{"path":"Patient.name","min":1}`.</summary>
    public static Report Profile(string type, string elements, string json, params string[] others)
    {
        var set = Definitions([Definition("test", type, elements), .. others]);
        return With(new Validator(set, Clock), json, ["http://test.example/StructureDefinition/test"]);
    }

    public static Report With(Validator validator, string json, string[] profiles, ValidateOptions? options = null)
    {
        var report = new Report();
        using var document = JsonParser.Parse(Encoding.UTF8.GetBytes(json), report);
        if (document != null) validator.Validate(document, profiles, report, options);
        return report;
    }

    public static string Definition(string name, string type, string elements, string more = "") => $$$"""
        {"resourceType":"StructureDefinition","url":"http://test.example/StructureDefinition/{{{name}}}","name":"{{{name}}}","status":"active","kind":"resource",
        "abstract":false,"type":"{{{type}}}","baseDefinition":"http://hl7.org/fhir/StructureDefinition/{{{type}}}","derivation":"constraint"{{{more}}},
        "differential":{"element":[{{{elements}}}]}}
        """;

    public static DefinitionSet Definitions(params string[] resources) => Quietly(r => DefinitionSet.Base.With(
        FhirPackage.Of("test", resources.Select((json, i) => PackageFile.Peek($"{i}", Encoding.UTF8.GetBytes(json))!)), r));

    /// <summary>`error cardinality CarePlan.activity[0]`, one a line, without the advice to add a narrative.</summary>
    public static string[] Lines(this Report report) =>
        [.. report.Issues.Where(i => i.Key != "dom-6").Select(i => $"{i.Severity.ToString().ToLowerInvariant()} {i.Key} {i.Expression}")];

    public static string[] Errors(this Report report) => [.. report.Issues.Where(i => i.IsError).Select(i => $"{i.Key} {i.Expression}")];

    private static DefinitionSet Quietly(Func<Report, DefinitionSet> make)
    {
        var report = new Report();
        var set = make(report);
        Assert.Empty(report.Issues);
        return set;
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
