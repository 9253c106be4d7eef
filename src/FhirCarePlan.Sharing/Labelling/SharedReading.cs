using FhirCarePlan.Fhir.Definitions;

namespace FhirCarePlan.Sharing.Labelling;

/// <summary>Elements that a base rule reads together, so that hiding one could break it: `Elements` need all of `Needed`; if nothing is
/// needed, one of `Elements` must remain. Base R4 is finished, so this is a table, and a test checks that no rule of R4 is missing. Rules
/// that hiding cannot break (`a.empty() or b.empty()`) and rules inside data types, which are shown whole, need no row.</summary>
/// <param name="Key">The rule, as in https://hl7.org/fhir/R4.</param>
internal sealed record SharedReading(string Type, string Key, IReadOnlyList<string> Elements, IReadOnlyList<string> Needed)
{
    private static readonly SharedReading[] table =
    [
        Needs("AllergyIntolerance", "ait-1", "verificationStatus", "clinicalStatus"),
        OneOf("Appointment.participant", "app-1", "type", "actor"),
        Needs("Appointment", "app-2", "start", "end"),
        Needs("Appointment", "app-2", "end", "start"),
        Needs("Appointment", "app-3", "status", "start", "end"),
        Needs("Appointment", "app-4", "cancelationReason", "status"),
        OneOf("AppointmentResponse", "apr-1", "participantType", "actor"),
        Needs("CareTeam.participant", "ctm-1", "onBehalfOf", "member"),
        OneOf("Composition.section", "cmp-1", "text", "entry", "section"),
        OneOf("Condition.stage", "con-1", "summary", "assessment"),
        OneOf("Condition.evidence", "con-2", "code", "detail"),
        Needs("Condition", "con-3", "category", "clinicalStatus", "verificationStatus"),
        Needs("Condition", "con-4", "abatement", "clinicalStatus"),
        OneOf("Consent", "ppc-1", "policy", "policyRule"),
        Needs("Consent", "ppc-2", "scope", "patient"),
        Needs("Consent", "ppc-3", "scope", "patient"),
        Needs("Consent", "ppc-4", "scope", "patient"),
        Needs("Consent", "ppc-5", "scope", "patient"),
        OneOf("CoverageEligibilityResponse.insurance.item", "ces-1", "category", "productOrService"),
        Needs("FamilyMemberHistory", "fhs-2", "estimatedAge", "age"),
        Needs("Goal.target", "gol-1", "detail", "measure"),
        Needs("Group", "grp-1", "member", "actual"),
        OneOf("Immunization.education", "imm-1", "documentType", "reference"),
        OneOf("ImmunizationRecommendation.recommendation", "imr-1", "vaccineCode", "targetDisease"),
        OneOf("InsurancePlan", "ipn-1", "identifier", "name"),
        Needs("List", "lst-2", "entry", "mode"),
        Needs("List", "lst-3", "entry", "mode"),
        OneOf("MedicationAdministration.dosage", "mad-1", "dose", "rate"),
        OneOf("NutritionOrder", "nor-1", "oralDiet", "supplement", "enteralFormula"),
        OneOf("Observation.referenceRange", "obs-3", "low", "high", "text"),
        OneOf("Organization", "org-1", "identifier", "name"),
        OneOf("Patient.contact", "pat-1", "name", "telecom", "address", "organization"),
        OneOf("RequestGroup.action", "rqg-1", "resource", "action"),
        Needs("ServiceRequest", "prr-1", "orderDetail", "code"),
    ];

    private static readonly ILookup<string, SharedReading> byType = table.ToLookup(r => r.Type);

    // Resources whose parts depend on each other's number, order and names: shown whole or not at all, except narrative and extensions.
    private static readonly HashSet<string> whole =
    [
        "Bundle", "CapabilityStatement", "CodeSystem", "ConceptMap", "ImplementationGuide", "Linkage", "Measure", "MeasureReport",
            "MolecularSequence", "NamingSystem",
        "OperationDefinition", "Parameters", "Questionnaire", "SearchParameter", "StructureDefinition", "StructureMap",
            "TerminologyCapabilities",
        "TestReport", "TestScript", "ValueSet",
    ];

    public static IReadOnlyList<SharedReading> All => table;

    public static IEnumerable<SharedReading> Of(TypeInfo type) => byType[type.Name];

    /// <summary>True for such a resource and for every part of it.</summary>
    public static bool IsWhole(TypeInfo type) => whole.Contains(type.Name.IndexOf('.') is > 0 and var dot ? type.Name[..dot] : type.Name);

    private static SharedReading Needs(string type, string key, string element, params string[] needed) =>
        new(type, key, [element], needed);
    private static SharedReading OneOf(string type, string key, params string[] elements) => new(type, key, elements, []);
}
