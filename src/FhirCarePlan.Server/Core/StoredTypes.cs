using FhirCarePlan.Fhir.Definitions;

namespace FhirCarePlan.Server.Core;

/// <summary>Which resource types are served: setting `Fhir:Types`, a list or `*`.</summary>
public sealed class StoredTypes
{
    public static IReadOnlyList<string> Default { get; } =
    [
        "AllergyIntolerance", "Appointment", "AuditEvent", "Binary", "CarePlan", "CareTeam", "CodeSystem", "Communication", "Composition",
        "Condition", "Consent", "DocumentReference", "Encounter", "EpisodeOfCare", "Flag", "Goal", "Group", "HealthcareService", "List",
        "Location", "MedicationRequest", "MedicationStatement", "Observation", "OperationDefinition", "Organization",
        "OrganizationAffiliation", "Patient", "PlanDefinition", "Practitioner", "PractitionerRole", "Procedure", "Provenance",
        "Questionnaire", "QuestionnaireResponse", "RelatedPerson", "RiskAssessment", "SearchParameter", "ServiceRequest",
        "StructureDefinition", "Task", "ValueSet",
    ];

    /// <summary>Updates and deletes of these need If-Match (src/docs/sharing.md#writing-from-a-view).</summary>
    public static IReadOnlySet<string> Core { get; } = new HashSet<string> { "CarePlan", "CareTeam", "Condition", "Consent" };

    private readonly HashSet<string> served;

    /// <exception cref="ArgumentException">The setting names something that is not a resource type of R4.</exception>
    public StoredTypes(IReadOnlyCollection<string>? setting)
    {
        if (setting is null or { Count: 0 }) All = Default;
        else if (setting.Contains("*")) All = R4.ResourceTypes;
        else All = [.. setting.Order(StringComparer.Ordinal)];
        if (All.FirstOrDefault(t => R4.Type(t) is not { IsResource: true, IsAbstract: false }) is { } unknown)
            throw new ArgumentException($"Setting Fhir:Types: `{unknown}` is not a resource type of R4");
        served = [.. All];
    }

    public IReadOnlyList<string> All { get; }
    public bool Serves(string type) => served.Contains(type);
}
