using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation.Compiling;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>An observation with the code of a vital sign must meet that vital sign's profile, whatever it claims: R4 requires it.
/// https://hl7.org/fhir/R4/observation-vitalsigns.html</summary>
internal sealed class VitalSignsRule(Shapes shapes) : IRule
{
    private static readonly Utf8Table<string> Profiles = new(new Dictionary<string, string>
    {
        ["85353-1"] = "vitalspanel", ["9279-1"] = "resprate", ["8867-4"] = "heartrate", ["2708-6"] = "oxygensat", ["8310-5"] = "bodytemp",
        ["8302-2"] = "bodyheight", ["9843-4"] = "headcircum", ["29463-7"] = "bodyweight", ["39156-5"] = "bmi", ["85354-9"] = "bp",
        // The translations to SNOMED CT that R4 gives on the same page.
        ["86290005"] = "resprate", ["364075005"] = "heartrate", ["431314004"] = "oxygensat", ["276885007"] = "bodytemp",
        ["50373000"] = "bodyheight",
        ["363811000"] = "headcircum", ["27113001"] = "bodyweight", ["60621009"] = "bmi", ["75367002"] = "bp",
    });

    public void Check(Node observation, Run run)
    {
        foreach (var coding in observation["code"].All("coding"))
        {
            if (coding["code"] is not { IsMissing: false, HasValue: true } code || !Profiles.TryGet(code.Utf8, out var profile)) continue;
            if (coding["system"] is not { IsMissing: false } system
                || !system.ValueEquals(code.Utf8.Contains((byte)'-') ? "http://loinc.org"u8 : "http://snomed.info/sct"u8)) continue;
            if (shapes.Profile($"http://hl7.org/fhir/StructureDefinition/{profile}", out _) is { } shape)
                Walk.Profile(observation, shape, run);
        }
    }
}
