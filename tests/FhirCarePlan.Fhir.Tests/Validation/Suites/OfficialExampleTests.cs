using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation;

namespace FhirCarePlan.Fhir.Tests.Validation.Suites;

/// <summary>The examples HL7 publishes with R4 are valid, but for those that are wrong themselves.</summary>
public class OfficialExampleTests
{
    [SharedFact]
    public void None_is_rejected_that_is_not_wrong_itself()
    {
        var validator = new Validator(DefinitionSet.Base, TimeProvider.System);
        var rejected = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(SharedData.Folder("data/examples/json")!, "*.json"))
        {
            var report = new Report();
            using var document = JsonParser.Parse(File.ReadAllBytes(file), report);
            if (document != null) validator.Validate(document, [], report);
            if (report.HasErrors) rejected[Path.GetFileName(file)] = string.Join("; ", report.Errors());
        }
        var known = Known.Read("official-examples.json");
        Assert.Equal(known.Keys, rejected.Keys);
    }
}
