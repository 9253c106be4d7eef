namespace FhirCarePlan.Server.OpenApi;

/// <summary>A resource type with a section of its own in the document.</summary>
/// <param name="Known">Id of a sample that the care co-ordinator can read.</param>
/// <param name="Bodies">Title → file under `samples/`; *Try it out* creates the first, so the server must accept it unchanged.</param>
public sealed record Section(string Type, string Plain, string Known, params IReadOnlyList<(string Title, string File)> Bodies)
{
    public static IReadOnlyList<Section> All { get; } =
    [
        new("CarePlan", "Care plans, crisis plans and agencies' plans (CPA-CarePlan, CPA-CrisisPlan, CPA-AgencyPlan).", "robin-plan",
            ("A complete care plan", "tour/care-plan.json"),
            ("Refused: without a crisis plan", "tour/care-plan-without-crisis-plan.json"),
            ("A crisis plan", "valid/CPA-CrisisPlan/crisis-plan.json")),
        new("CareTeam", "The people who carry out a plan, and how much of it each may see (CPA-CareTeam).", "robin-team",
            ("A team", "valid/CPA-CareTeam/active-team.json")),
        new("Condition", "Diagnoses and assessed needs (CPA-Condition, CPA-Need).", "robin-schizophrenia",
            ("A diagnosis", "valid/CPA-Condition/primary-diagnosis.json"),
            ("A need, as the social worker records it", "valid/CPA-Need/accommodation.json")),
        new("Consent", "What the person agrees to and refuses (CPA-Consent).", "robin-consent-sharing",
            ("The person refuses housing, taken by the care co-ordinator", "tour/refusal-of-housing.json"),
            ("The person refuses housing, recorded by the person", "tour/refusal-by-person.json"),
            ("The person agrees", "valid/CPA-Consent/permit-without-end.json")),
        new("Patient", "The people whom the care is for (CPA-Patient).", "robin",
            ("Somebody without an NHS number", "valid/CPA-Patient/without-nhs-number.json")),
    ];

    /// <summary>Where everything else is described, the type being a part of the address.</summary>
    public const string Others = "Other resources", Server = "Server", Terminology = "Terminology";
}
