namespace FhirCarePlan.Server.Settings;

public enum ProfilePolicy
{
    /// <summary>A resource must meet the CPA profiles that its content chooses.</summary>
    Enforce,
    /// <summary>Base R4 and the profiles that `meta.profile` claims.</summary>
    Declared,
}

/// <summary>What a delete by criteria does with several matches. https://hl7.org/fhir/R4/valueset-conditional-delete-status.html</summary>
public enum ConditionalDelete { Single, Multiple }

public enum DeleteReferenced { Allow, Refuse }

public enum UnknownProfile { Warning, Error }

/// <summary>What becomes of a narrative that loads something from elsewhere.</summary>
public enum NarrativePolicy { Refuse, Warn }

/// <summary>What becomes of the start when the agreement is not in force.</summary>
public enum NotInForce { Refuse, Start }

/// <summary>Whether answers are compressed.</summary>
public enum Compression { On, Off }

/// <summary>The configuration, read and checked once: appsettings, environment variables (`Storage__Engine`) and arguments
/// (`--Storage:Engine=Sqlite`), the later overriding the earlier. src/docs/operations.md#settings lists the settings.</summary>
public sealed record ServerSettings
{
    public required bool IsDevelopment { get; init; }
    public required StorageSettings Storage { get; init; }
    public required LedgerSettings Ledger { get; init; }
    /// <summary>Full path of a protocol file, or of a folder that holds exactly one protocol in force.</summary>
    public required string Protocols { get; init; }
    /// <summary>`Sharing:NotInForce`: the server starts, loudly, on an agreement that is unsigned, changed, over or not begun.</summary>
    public required bool StartsNotInForce { get; init; }
    /// <summary>Folder of the FHIR package with our profiles.</summary>
    public required string Profiles { get; init; }
    /// <summary>Folder of the samples; null when they are not with the program.</summary>
    public required string? Samples { get; init; }
    public required bool LoadsSamples { get; init; }
    /// <summary>`Fhir:Types` as given; null for the default.</summary>
    public required IReadOnlyList<string>? Types { get; init; }
    /// <summary>`Fhir:ConditionalDelete`: a delete by criteria may delete several resources.</summary>
    public required bool DeletesSeveral { get; init; }
    /// <summary>`Fhir:DeleteReferenced`: what something in view refers to is not deleted.</summary>
    public required bool RefusesDeleteOfReferenced { get; init; }
    public required ProfilePolicy Validation { get; init; }
    /// <summary>An unknown profile in `meta.profile` is an error.</summary>
    public required bool RefusesUnknownProfiles { get; init; }
    /// <summary>A narrative that loads something from elsewhere is an error.</summary>
    public required bool RefusesLoadingNarratives { get; init; }
    /// <summary>The share of writes that a second validator judges in the background; 0 for none.</summary>
    public required double SecondOpinion { get; init; }
    /// <summary>Folder of further FHIR packages (`*.tgz`); null for none.</summary>
    public required string? Packages { get; init; }
    /// <summary>Null: no terminology server is asked.</summary>
    public required TerminologySettings? Terminology { get; init; }
    public required AddressSettings Addresses { get; init; }
    public required ProxySettings Proxies { get; init; }
    public required CorsSettings Cors { get; init; }
    /// <summary>Answers are compressed for clients that ask for it.</summary>
    public required bool Compresses { get; init; }
    public required LimitSettings Limits { get; init; }
    public required TelemetrySettings Telemetry { get; init; }
    public required ClockSettings Clock { get; init; }
    public required AuthenticationSettings Authentication { get; init; }

    /// <summary>The settings, or a sentence for each fault, naming the setting.</summary>
    public static (ServerSettings? Settings, IReadOnlyList<string> Faults) Read(IConfiguration configuration, bool isDevelopment, Places places)
    {
        var read = new SettingsReader(configuration, isDevelopment, places);
        var settings = Read(read);
        read.RefuseOthers();
        return read.Faults.Count == 0 ? (settings, []) : (null, read.Faults);
    }

    private static ServerSettings Read(SettingsReader read)
    {
        var (configuration, isDevelopment, places) = (read.Configuration, read.IsDevelopment, read.Places);
        var protocols = read.Existing("Sharing:Protocols");
        if (protocols is null && configuration["Sharing:Protocols"] is null or "")
            read.Fault("Setting Sharing:Protocols is missing: the file of the sharing agreement that is enforced");
        var storage = StorageSettings.Read(read);
        return new ServerSettings
        {
            IsDevelopment = isDevelopment,
            Storage = storage,
            Ledger = LedgerSettings.Read(read, storage),
            Protocols = protocols ?? "",
            StartsNotInForce = read.Choice("Sharing:NotInForce", isDevelopment ? NotInForce.Start : NotInForce.Refuse) == NotInForce.Start,
            Profiles = places.Find("profiles") ?? places.Binaries,
            Samples = places.Find("samples"),
            LoadsSamples = LoadsSamplesBy(read),
            Types = read.List("Fhir:Types"),
            RefusesDeleteOfReferenced = read.Choice("Fhir:DeleteReferenced", DeleteReferenced.Allow) == DeleteReferenced.Refuse,
            DeletesSeveral = read.Choice("Fhir:ConditionalDelete", ConditionalDelete.Single) == ConditionalDelete.Multiple,
            Validation = read.Choice("Validation:Profiles", ProfilePolicy.Enforce),
            RefusesUnknownProfiles = read.Choice("Validation:UnknownProfile", UnknownProfile.Warning) == UnknownProfile.Error,
            RefusesLoadingNarratives = read.Choice("Validation:Narrative", NarrativePolicy.Refuse) == NarrativePolicy.Refuse,
            SecondOpinion = read.Share("Validation:SecondOpinion"),
            Packages = read.Existing("Validation:Packages"),
            Terminology = TerminologySettings.Read(read),
            Addresses = AddressSettings.Read(read),
            Proxies = ProxySettings.Read(read),
            Cors = CorsSettings.Read(read),
            Compresses = read.Choice("Server:Compression", Compression.On) == Compression.On,
            Limits = LimitSettings.Read(read),
            Telemetry = TelemetrySettings.Read(read),
            Clock = ClockSettings.Read(read),
            Authentication = AuthenticationSettings.Read(read),
        };
    }

    /// <summary>The names of all settings, in the order of the alphabet.</summary>
    public static IReadOnlyList<string> Names()
    {
        var read = new SettingsReader(new ConfigurationBuilder().Build(), true, Places.Here());
        Read(read);
        return [.. read.Asked.Order(StringComparer.Ordinal)];
    }

    /// <summary>Invented people have no place beside real ones.</summary>
    private static bool LoadsSamplesBy(SettingsReader read)
    {
        var loads = read.Flag("Samples:Load");
        if (loads && !read.IsDevelopment)
            read.Fault("Setting Samples:Load is for Development only: the samples are invented people and must not mix with real ones");
        return loads;
    }

    /// <summary>What a command needs to open the ledger.</summary>
    /// <exception cref="StartRefused">A setting is missing or wrong.</exception>
    public static (StorageSettings Storage, LedgerSettings Ledger) ReadLedger(IConfiguration configuration, bool isDevelopment, Places places)
    {
        var read = new SettingsReader(configuration, isDevelopment, places);
        var storage = StorageSettings.Read(read);
        var ledger = LedgerSettings.Read(read, storage);
        read.RefuseOthers();
        return read.Faults.Count == 0 ? (storage, ledger) : throw new StartRefused(string.Join("; ", read.Faults));
    }
}
