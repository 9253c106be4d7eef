namespace FhirCarePlan.Server.Settings;

/// <summary>Whose tokens are believed, and which of their claims says what.</summary>
public sealed record AuthenticationSettings
{
    /// <summary>Address of an OpenID provider; null in Development, where the built-in issuer takes its place.</summary>
    public string? Authority { get; init; }
    /// <summary>The audience of the provider's tokens.</summary>
    public string? Audience { get; init; }
    /// <summary>The built-in issuer is on: Development, no authority, and the server is reachable from this machine alone.</summary>
    public bool HasDevIssuer { get; init; }
    /// <summary>`Authentication:LongestLife`: a token that is good for longer is refused, so that a stolen one, or a caller whose rights
    /// were ended at the provider, is soon out.</summary>
    public TimeSpan LongestLife { get; init; } = TimeSpan.FromHours(12);
    public ClaimNames Claims { get; init; } = new();

    internal static AuthenticationSettings Read(SettingsReader read)
    {
        var authority = read.Text("Authentication:Authority");
        var audience = read.Text("Authentication:Audience");
        if (authority is null && !read.IsDevelopment)
            read.Fault("Setting Authentication:Authority is missing: the address of the OpenID provider whose tokens are accepted");
        if (authority is not null && !IsAddress(authority, read.IsDevelopment))
            read.Fault($"Setting Authentication:Authority is `{authority}`; it must be an https address");
        if (authority is not null && audience is null)
            read.Fault("Setting Authentication:Audience is missing: the audience that a token must have");
        return new()
        {
            Authority = authority,
            Audience = audience,
            HasDevIssuer = read.IsDevelopment && authority is null && Bindings.AreLoopback(read.Configuration),
            LongestLife = read.Duration("Authentication:LongestLife", TimeSpan.FromHours(12)),
            Claims = ClaimNames.Read(read),
        };
    }

    private static bool IsAddress(string text, bool isDevelopment) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == "https" || isDevelopment && uri.Scheme == "http");
}

/// <summary>`Authentication:Claims:…`: the claims' names, several separated by spaces: the first that a token has counts.</summary>
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

    internal static ClaimNames Read(SettingsReader read)
    {
        var names = new ClaimNames();
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
        };
    }
}
