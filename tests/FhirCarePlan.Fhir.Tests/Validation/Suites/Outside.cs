using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Tests.Validation.Suites;

/// <summary>Definitions of the outside test data.</summary>
internal static class Outside
{
    private static readonly Lazy<DefinitionSet> Profiles = new(() =>
    {
        var report = new Report();
        var extensions = Lines("data/packages/extensions-r4-5.3.0/StructureDefinition.ndjson.gz")
            with
        { Name = "hl7.fhir.uv.extensions.r4" };
        return DefinitionSet.Base.With(Lines("data/definitions/StructureDefinition.ndjson.gz"), report).With(extensions, report);
    });

    /// <summary>R4's own profiles and extensions below HL7's extensions package, which has mended many of them since.</summary>
    public static DefinitionSet R4WithProfiles => Profiles.Value;

    public static FhirPackage Lines(string path) => PackageReader.FromLines(SharedData.Folder(path)!, new Report());
}
