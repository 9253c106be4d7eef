namespace FhirCarePlan.Sharing.Writing;

/// <summary>Rights that the protocol gives to party × role (src/docs/sharing.md#rights).</summary>
public static class Rights
{
    public const string ManageTeam = "manage-team", Register = "register", RecordConsent = "record-consent", RecordProxy = "record-proxy",
        Declassify = "declassify", Directory = "directory", Conform = "conform", Enrol = "enrol", Confirm = "confirm", RecordReceived = "record-received";

    public static Refusal Lacking(Protocol protocol, Caller caller, string right)
    {
        return new Refusal($"right:{right}",
            $"This needs the right `{right}`, which {caller.InRole} does not hold. These hold it: {Holders(protocol, right)}. "
            + $"Ask one of them.");
    }

    /// <summary>The parties and roles that hold a right, in words.</summary>
    public static string Holders(Protocol protocol, string right) =>
        string.Join("; ", protocol.Parties.SelectMany(p => p.Rights.Where(r => r.Name == right).Select(r => $"{p.Name} ({r.Roles})")));

    /// <summary>Which right each type asks for on every write; null for none.</summary>
    public static string? For(string type) => type switch
    {
        "CareTeam" => ManageTeam,
        "Organization" or "Practitioner" or "PractitionerRole" or "OrganizationAffiliation" or "Location" or "HealthcareService" => Directory,
        _ when IsConformance(type) => Conform,
        _ => null,
    };

    public static bool IsConformance(string type) =>
        type is "StructureDefinition" or "ValueSet" or "CodeSystem" or "SearchParameter" or "OperationDefinition"
        or "CapabilityStatement" or "CompartmentDefinition" or "ConceptMap" or "StructureMap" or "ImplementationGuide" or "NamingSystem" or "GraphDefinition"
        or "MessageDefinition" or "TerminologyCapabilities" or "ExampleScenario" or "TestScript" or "Questionnaire"
        or "PlanDefinition" or "ActivityDefinition" or "EventDefinition" or "ObservationDefinition" or "SpecimenDefinition" or "Library" or "Measure";
}
