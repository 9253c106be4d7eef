namespace FhirCarePlan.Sharing;

/// <summary>What one or more parties may, or may never, see or do of what other parties hold.</summary>
public sealed record Rule
{
    public required string Id { get; init; }
    public required bool IsPermit { get; init; }
    public required Names To { get; init; }
    public Names Roles { get; init; } = Names.All;
    public Names Purposes { get; init; } = Names.All;
    public required Names Data { get; init; }
    /// <summary>A permit that names none permits `read`; a forbid that names none forbids all.</summary>
    public required Names Actions { get; init; }
    public Names Types { get; init; } = Names.All;
    /// <summary>Id of the legal gateway; null only for a forbid.</summary>
    public string? Gateway { get; init; }
    public ConsentNeed Consent { get; init; } = ConsentNeed.Explicit;
    /// <summary>Relation bits of which one is needed; 0 when the rule asks for none.</summary>
    public long Relationship { get; init; }
    public Clearance Clearance { get; init; } = Clearance.None;
    public IReadOnlyList<string> Obligations { get; init; } = [];
    public required string Plain { get; init; }
    public int Line { get; init; }

    public static IReadOnlyList<string> KnownActions { get; } = ["read", "create", "update", "delete"];
}

/// <summary>What a rule asks of the person's Consents.</summary>
public enum ConsentNeed
{
    /// <summary>A Consent must permit it, and none may refuse it.</summary>
    Explicit,
    /// <summary>None may refuse it; where none speaks of it the protocol's default for purpose and party holds.</summary>
    ObjectionHonoured,
    /// <summary>Consents do not bear on it.</summary>
    None,
}

/// <summary>The labels a caller may see past: sensitivities, and confidentiality up to a code. A caller sees content under a label only if
/// every rule open to the same party, role, purpose, action and type clears it: the narrowest decides.</summary>
/// <param name="Confidentiality">`N`, `R` or `V`.</param>
public sealed record Clearance(string Confidentiality, Names Sensitivities, bool UnknownLabels)
{
    public static Clearance None { get; } = new("N", Names.Of(), false);
    public static Clearance All { get; } = new("V", Names.All, true);
}

/// <summary>What a party's own staff may do with what the party holds.</summary>
/// <param name="Relationship">Relation bits of which one is needed; 0 when none is.</param>
public sealed record HomeRule(string Id, Names Roles, Names Purposes, Names Data, Names Actions, Names Types, long Relationship, Clearance Clearance, string Plain, int Line);

/// <summary>An absolute bar (gate 11): third-party information, withheld from the subject, privilege, a protected address.</summary>
/// <param name="AtHome">False where the party may go on reading what it wrote down itself.</param>
public sealed record Bar(string Id, Names To, Names Roles, Names Data, string Plain, int Line, bool AtHome = true);
