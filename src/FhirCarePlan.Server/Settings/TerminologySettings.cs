namespace FhirCarePlan.Server.Settings;

/// <summary>`Terminology:…`: a terminology server that is asked about codes of systems that are not loaded here. Off without an address.
/// https://hl7.org/fhir/R4/terminology-service.html</summary>
/// <param name="Address">Its FHIR base, without a slash at the end.</param>
/// <param name="Systems">It is asked about codes of these systems and no others.</param>
/// <param name="Timeout">The longest that one request waits for all its questions.</param>
/// <param name="Keep">How long an answer counts.</param>
/// <param name="Credentials">Null: it is asked without a token.</param>
public sealed record TerminologySettings(string Address, IReadOnlyList<string> Systems, TimeSpan Timeout, TimeSpan Keep, CredentialSettings? Credentials = null)
{
    public static IReadOnlyList<string> Usual { get; } = ["http://snomed.info/sct", "https://dmd.nhs.uk"];

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(4);

    /// <summary>Null unless `Terminology:Server` is set.</summary>
    internal static TerminologySettings? Read(SettingsReader read)
    {
        var address = read.Text("Terminology:Server");
        var systems = read.List("Terminology:Systems") ?? Usual;
        var timeout = read.Duration("Terminology:Timeout", TimeSpan.FromSeconds(2));
        var keep = read.Duration("Terminology:Keep", TimeSpan.FromHours(1));
        var credentials = CredentialSettings.Read(read, "Terminology:Token");
        if (address is null)
        {
            if (credentials != null) read.Fault("Settings of Terminology:Token are given, and Terminology:Server is not");
            return null;
        }
        if (!AuthenticationSettings.IsAddress(address, read.IsDevelopment) || address.Contains('?', StringComparison.Ordinal))
            read.Fault($"Setting Terminology:Server is `{address}`; it must be the https address of a FHIR base");
        if (timeout > Longest) read.Fault($"Setting Terminology:Timeout is `{timeout}`; it must be at most `{Longest}`");
        return new(address.TrimEnd('/'), systems, timeout, keep, credentials);
    }
}
