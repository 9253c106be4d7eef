namespace FhirCarePlan.Sharing.Writing;

/// <summary>Rights that the protocol gives to party × role (sharing.md §12.3).</summary>
public static class Rights
{
    public const string ManageTeam = "manage-team", Register = "register", RecordConsent = "record-consent", RecordProxy = "record-proxy",
        Declassify = "declassify", Directory = "directory", Conform = "conform", Enrol = "enrol";

    /// <param name="kinds">Relation bits in which the caller stands to the person concerned.</param>
    public static bool Has(Protocol protocol, Caller caller, string right, long kinds = 0)
    {
        if (caller.Party is null) return false;
        if (caller.Issuer == SystemActor.Issuer)
            return protocol.Systems.Any(s => s.Id == caller.Client && s.Parties.Contains(caller.Party) && s.Rights.Contains(right));
        return protocol.Party(caller.Party) is { Status: PartyStatus.Joined } party
            && party.Rights.Any(r => r.Name == right && r.Roles.Contains(caller.Role) && (r.Relationship == 0 || (r.Relationship & kinds) != 0));
    }

    public static Refusal Lacking(Protocol protocol, Caller caller, string right)
    {
        var holders = protocol.Parties.SelectMany(p => p.Rights.Where(r => r.Name == right).Select(r => $"{p.Name} ({r.Roles})"));
        return new Refusal($"right:{right}", $"This needs the right `{right}`, which the role `{caller.Role}` does not hold. It is held by {string.Join("; ", holders)}. Ask one of them.");
    }

    /// <summary>Which right each type asks for on every write; null for none.</summary>
    public static string? For(string type) => type switch
    {
        "CareTeam" => ManageTeam,
        "Organization" or "Practitioner" or "PractitionerRole" or "Location" or "HealthcareService" => Directory,
        _ when IsConformance(type) => Conform,
        _ => null,
    };

    public static bool IsConformance(string type) => type is "StructureDefinition" or "ValueSet" or "CodeSystem" or "SearchParameter" or "OperationDefinition"
        or "CapabilityStatement" or "CompartmentDefinition" or "ConceptMap" or "StructureMap" or "ImplementationGuide" or "NamingSystem" or "GraphDefinition"
        or "MessageDefinition" or "TerminologyCapabilities" or "ExampleScenario" or "TestScript";
}
