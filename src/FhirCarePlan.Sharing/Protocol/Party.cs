namespace FhirCarePlan.Sharing;

/// <summary>An agency of the agreement. Only the agreement and the token say who belongs to it.</summary>
public sealed record Party
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public string? Plain { get; init; }
    public string? Sector { get; init; }
    public required PartyStatus Status { get; init; }
    /// <summary>`Organization/x`: first the party itself, then its services.</summary>
    public IReadOnlyList<string> Organizations { get; init; } = [];
    public IReadOnlyList<Client> Clients { get; init; } = [];
    /// <summary>Office (`caldicottGuardian`, `ig`) → who holds it.</summary>
    public IReadOnlyDictionary<string, string> Officers { get; init; } = new Dictionary<string, string>();
    /// <summary>False for a party that signs nothing (the people the record is about).</summary>
    public bool IsSignatory { get; init; } = true;
    /// <summary>What its own staff do with what the party holds. This is not a disclosure, so gates 1, 4 and 10 do not apply.</summary>
    public IReadOnlyList<HomeRule> Home { get; init; } = [];
    public IReadOnlyList<Right> Rights { get; init; } = [];
    /// <summary>May choose the ids of what it creates (PUT to an unknown id).</summary>
    public bool ClientIds { get; init; }
    public int Line { get; init; }
}

public enum PartyStatus { Joined, Suspended, Left }

/// <summary>A token's issuer and client id that speak for the party.</summary>
public sealed record Client(string Issuer, string Id, int Line);

/// <summary>`manage-team`, `register`, `record-consent`, `record-proxy`, `declassify`, `directory`, `conform`, `enrol`, `confirm`,
/// `record-received`: the roles that have it.</summary>
/// <param name="Relationship">Relation bits of which the caller needs one; 0 when the right needs none.</param>
public sealed record Right(string Name, Names Roles, long Relationship, int Line)
{
    public static IReadOnlyList<string> Known { get; } =
        ["manage-team", "register", "record-consent", "record-proxy", "declassify", "directory", "conform", "enrol", "confirm",
            "record-received"];
}

/// <summary>Some names, or all there are.</summary>
public sealed record Names(bool IsAll, IReadOnlyList<string> Listed)
{
    public static Names All { get; } = new(true, []);
    public static Names Of(params IReadOnlyList<string> listed) => new(false, listed);

    public bool Contains(string? name) => name is not null && (IsAll || Listed.Contains(name));
    public override string ToString() => IsAll ? "all" : string.Join(", ", Listed);
}
