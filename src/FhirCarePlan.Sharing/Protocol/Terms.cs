namespace FhirCarePlan.Sharing;

/// <summary>Why data are used. A token states one by its code or its id.</summary>
/// <param name="Code">Of v3-ActReason: https://terminology.hl7.org/CodeSystem-v3-ActReason.html</param>
/// <param name="Parties">Who may state it.</param>
public sealed record Purpose(string Id, string Code, string Plain, Names Parties, int Line);

/// <summary>The legal footing of a disclosure. The UK GDPR basis and the common-law basis are different questions, so they are different
/// fields.</summary>
public sealed record Gateway
{
    public required string Id { get; init; }
    /// <summary>`6(1)(e)`.</summary>
    public string? Gdpr6 { get; init; }
    /// <summary>`9(2)(h)`; null only where no special category data pass.</summary>
    public string? Gdpr9 { get; init; }
    /// <summary>Paragraph of Schedule 1 to the Data Protection Act 2018.</summary>
    public string? Schedule1 { get; init; }
    /// <summary>`implied-consent`, `explicit-consent`, `statutory-duty`, `public-interest`, `none-needed`.</summary>
    public string? CommonLaw { get; init; }
    public string? Power { get; init; }
    /// <summary>False if only the directory passes: then there is no Article 9 condition to name.</summary>
    public bool SpecialCategory { get; init; } = true;
    public required DateOnly From { get; init; }
    public required DateOnly To { get; init; }
    public required string Plain { get; init; }
    public int Line { get; init; }

    public bool IsInDate(DateTimeOffset now) => DateOnly.FromDateTime(now.UtcDateTime) is var day && From <= day && day <= To;
}

/// <summary>What holds where a rule honours objection and no Consent speaks.</summary>
public sealed record ConsentDefault(Names Purposes, Names Parties, bool IsPermit, string Plain, int Line);

/// <summary>An override: the failed gates it may lift, for whom and under what review. Kept and linted; no override lifts anything
/// yet.</summary>
public sealed record Override(string Id, IReadOnlyList<string> Lifts, Names Roles, TimeSpan? Expires, string? ReviewBy,
    TimeSpan? ReviewWithin, string Plain, int Line);

/// <summary>An expectation the file states about itself.</summary>
public sealed record ProtocolTest(TestCase Given, IReadOnlyDictionary<string, bool> Expect, string Why, int Line);

/// <summary>The question of a protocol's own test.</summary>
/// <param name="Consent">`none`, `granted` (to this party for this purpose, whatever the data) or `refused`.</param>
/// <param name="Relationship">Relation bits in force.</param>
public sealed record TestCase(string Party, string Role, string Purpose, string Action, string Type, bool IsHome, string Consent,
    long Relationship);
