namespace FhirCarePlan.Sharing;

/// <summary>A sharing agreement from one YAML file: the policy the broker enforces, its legal footing and its own tests. Immutable. Every
/// part keeps its line, so that a message can point at it.</summary>
public sealed partial record Protocol
{
    public required string Id { get; init; }
    /// <summary>Canonical address, without version.</summary>
    public required string Url { get; init; }
    /// <summary>`major.minor.patch`; Consents that permit count for the same major version.</summary>
    public required string Version { get; init; }
    public required string Title { get; init; }
    public required string Plain { get; init; }
    public required ProtocolStatus Status { get; init; }
    public required Effective Effective { get; init; }
    public required IReadOnlyList<Party> Parties { get; init; }
    /// <summary>Id of the party that looks after the agreement and oversees its ledger; null for none.</summary>
    public string? Owner { get; init; }
    /// <summary>Roles of tokens beyond the codes of CPA-TeamRole, each in plain words.</summary>
    public IReadOnlyDictionary<string, string> Roles { get; init; } = new Dictionary<string, string>();
    public IReadOnlyList<Purpose> Purposes { get; init; } = [];
    /// <summary>In the order of the file.</summary>
    public required IReadOnlyList<Category> Categories { get; init; }
    /// <summary>Sensitivity codes that labels may carry and clearances may name.</summary>
    public IReadOnlyList<Sensitivity> Sensitivities { get; init; } = [];
    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<CodeList> Codes { get; init; } = [];
    public IReadOnlyList<Gateway> Gateways { get; init; } = [];
    public IReadOnlyList<Rule> Rules { get; init; } = [];
    /// <summary>Bars, which no rule and no override opens (gate 11).</summary>
    public IReadOnlyList<Bar> Bars { get; init; } = [];
    public IReadOnlyList<ConsentDefault> ConsentDefaults { get; init; } = [];
    public IReadOnlyList<Override> Overrides { get; init; } = [];
    public IReadOnlyList<SystemActor> Systems { get; init; } = [];
    public IReadOnlyList<ProtocolTest> Tests { get; init; } = [];
    /// <summary>Parts of the agreement that do not affect a decision, kept unchanged: section name → YAML as plain values.</summary>
    public IReadOnlyDictionary<string, object?> Sections { get; init; } = new Dictionary<string, object?>();

    /// <summary>Lower-case hexadecimal SHA-256 of the file's exact bytes; empty for a protocol not read from a file.</summary>
    public string Hash { get; init; } = "";
    public IReadOnlyList<Signature> Signatures { get; init; } = [];

    /// <summary>`url|version`, as audit and Consents cite it.</summary>
    public string Canonical => $"{Url}|{Version}";

    /// <summary>True for `url|major` of this protocol, the form in which a Consent's facts cite it.</summary>
    public bool IsCited(string urlAndMajor)
    {
        var major = Version.AsSpan();
        if (major.IndexOf('.') is >= 0 and var dot) major = major[..dot];
        return urlAndMajor.Length == Url.Length + 1 + major.Length && urlAndMajor[Url.Length] == '|'
            && urlAndMajor.StartsWith(Url, StringComparison.Ordinal) && urlAndMajor.AsSpan(Url.Length + 1).SequenceEqual(major);
    }

    public Party? Party(string? id) => id is null ? null : Parties.FirstOrDefault(p => p.Id == id);
    public Purpose? Purpose(string? id) => id is null ? null : Purposes.FirstOrDefault(p => p.Id == id);
    public Category? Category(string? id) => id is null ? null : Categories.FirstOrDefault(c => c.Id == id);
    public Gateway? Gateway(string? id) => id is null ? null : Gateways.FirstOrDefault(g => g.Id == id);
}

/// <summary>draft → consultation → signing → active → suspended | superseded | expired.</summary>
public enum ProtocolStatus { Draft, Consultation, Signing, Active, Suspended, Superseded, Expired }

/// <summary>First and last day in force (both included, UTC), and when the agreement is looked at again.</summary>
public sealed record Effective(DateOnly From, DateOnly To, DateOnly? Review, int Line)
{
    public bool Covers(DateTimeOffset now) => DateOnly.FromDateTime(now.UtcDateTime) is var day && From <= day && day <= To;
}

/// <summary>A party's signature under exactly one file, kept beside the protocol in NAME.signatures.yaml.</summary>
public sealed record Signature(string Party, string Name, string Role, DateOnly On, string Hash, int Line);

/// <summary>A sensitivity code of meta.security (`SUD`, `HIV` …) that the protocol knows how to clear.</summary>
/// <param name="Codes">Ids of code lists: what bears one of their codes bears the label.</param>
public sealed record Sensitivity(string Code, string System, string Plain, int Line, params IReadOnlyList<string> Codes);

/// <summary>A part of the service that works without a person behind it (`sample-loader`), with rules and rights of its own. It acts for
/// the parties named; the caller's client is its id and the issuer `system`, which no token's can be.</summary>
public sealed record SystemActor(string Id, string Plain, Names Parties, HomeRule Home, IReadOnlyList<string> Rights, int Line)
{
    public const string Issuer = "system";
}
