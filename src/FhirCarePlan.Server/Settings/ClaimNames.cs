namespace FhirCarePlan.Server.Settings;

/// <summary>`Authentication:Claims:…`: the claims' names, several separated by spaces: the first that a token has counts. A name with a dot
/// leads into a claim that is an object: `realm_access.roles`.</summary>
public sealed record ClaimNames
{
    /// <summary>The OAuth client, by which the protocol knows a party's systems.</summary>
    public string Client { get; init; } = "client_id azp";
    public string Subject { get; init; } = "sub";
    public string Role { get; init; } = "role";
    public string Purpose { get; init; } = "purpose";
    public string Organization { get; init; } = "organization";
    public string PractitionerRole { get; init; } = "practitioner_role";
    public string Patient { get; init; } = "patient";
    public string RelatedPerson { get; init; } = "related_person";
    /// <summary>The scopes of the token: all of these claims together.</summary>
    public string Scope { get; init; } = "scope scp";
    /// <summary>SMART's claim for the person who uses the client.</summary>
    public string FhirUser { get; init; } = "fhirUser";
    /// <summary>SMART's launch context: the person that scopes `patient/…` are about.</summary>
    public string LaunchPatient { get; init; } = "patient";

    /// <summary>What Entra ID calls them. An app role that the agreement knows is the role. The subject is the object, which is the same for
    /// every client. https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference</summary>
    public static ClaimNames OfEntra { get; } = new() { Client = "azp appid", Subject = "oid sub", Role = "roles", Scope = "scp scope" };

    internal static ClaimNames Read(SettingsReader read, ClaimNames names)
    {
        string Name(string what, string otherwise) => read.Text($"Authentication:Claims:{what}") ?? otherwise;
        return new()
        {
            Client = Name(nameof(Client), names.Client),
            Subject = Name(nameof(Subject), names.Subject),
            Role = Name(nameof(Role), names.Role),
            Purpose = Name(nameof(Purpose), names.Purpose),
            Organization = Name(nameof(Organization), names.Organization),
            PractitionerRole = Name(nameof(PractitionerRole), names.PractitionerRole),
            Patient = Name(nameof(Patient), names.Patient),
            RelatedPerson = Name(nameof(RelatedPerson), names.RelatedPerson),
            Scope = Name(nameof(Scope), names.Scope),
            FhirUser = Name(nameof(FhirUser), names.FhirUser),
            LaunchPatient = Name(nameof(LaunchPatient), names.LaunchPatient),
        };
    }
}
