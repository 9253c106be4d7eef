using FhirCarePlan.Sharing.Labelling;

namespace FhirCarePlan.Sharing.Tests.Labelling;

/// <summary>A small protocol for labels: roots and claims of every kind, nothing about parties.</summary>
internal static class Protocols
{
    private const string Domain = "https://fhir.cpa.example/StructureDefinition/Extension-CPA-NeedDomain";

    public static Protocol Small { get; } = new()
    {
        Id = "small",
        Url = "https://fhir.cpa.example/protocols/small",
        Version = "1.0.0",
        Title = "Small",
        Plain = "For tests",
        Status = ProtocolStatus.Active,
        Effective = new Effective(new DateOnly(2020, 1, 1), new DateOnly(2099, 12, 31), null, 1),
        Parties = [],
        Sensitivities = [new Sensitivity("SUD", "http://terminology.hl7.org/CodeSystem/v3-ActCode", "Alcohol and drugs", 1)],
        Categories =
        [
            Category("demographics", roots: new() { ["Patient"] = "true" }),
            Category("contact", elements: new() { ["Patient"] = ["Patient.telecom", "Patient.address"] }),
            Category("care-plan-full",
                roots: new() { ["CarePlan"] = "true", ["Goal"] = "true", ["Task"] = "true" },
                elements: new() { ["CarePlan"] = ["CarePlan.note", $"CarePlan.activity.detail.extension('{Domain}')"] }),
            Category("accommodation", elements: new()
            {
                ["CarePlan"] =
                    [$"CarePlan.activity.where(detail.extension('{Domain}').value.coding.where(code = 'accommodation').exists())"],
            }),
            Category("risk", elements: new() { ["CarePlan"] = ["CarePlan.activity.detail.reasonCode", "CarePlan.activity.progress"] }),
            Category("diagnosis", roots: new() { ["Condition"] = "true" }, elements: new() { ["CarePlan"] = ["CarePlan.addresses"] }),
            Category("substance-misuse", roots: new() { ["Condition"] = "code.coding.where(code = 'alcohol').exists()" }),
            Category("safeguarding",
                elements: new() { ["Goal"] = ["Goal.lifecycleStatus"], ["Task"] = ["Task.intent.nonsense.single().foo", "1 / 'a'"] }),
            Category("directory", roots: new() { ["Organization"] = "true", ["Practitioner"] = "true", ["PractitionerRole"] = "true" }),
            Category("conformance", roots: new() { ["Questionnaire"] = "true" }),
            Category("consent", roots: new() { ["Consent"] = "true" }),
            Category("audit"),
            Category("other"),
        ],
    };

    public static ProtocolBits Bits { get; } = ProtocolBits.InOrder(Small);
    public static Labeller Labeller { get; } = new(Small, Bits, TimeProvider.System);

    public static long Mask(params string[] names) => Bits.Of(names);

    private static Category Category(string id, Dictionary<string, string>? roots = null, Dictionary<string, string[]>? elements = null) =>
        new()
        {
            Id = id,
            Plain = $"About {id}",
            Roots = roots ?? [],
            Elements = (elements ?? []).ToDictionary(e => e.Key, e => (IReadOnlyList<string>)e.Value),
        };
}
