namespace FhirCarePlan.Sharing;

/// <summary>One statement of a person's Consents in force now, without date and without id.</summary>
/// <param name="Scope">All must cover (a nested provision means its parent's criteria and its own).</param>
/// <param name="Except">The exceptions: refusals within a permit, holes within a deny.</param>
/// <param name="Recorder">For a permit that nobody else verified: the party that recorded it, which cannot be its only recipient.</param>
/// <param name="Protocols">`url|major` a permit was made under.</param>
public sealed record ConsentStatement(bool IsPermit, IReadOnlyList<Criteria> Scope, IReadOnlyList<Criteria> Except, string? Recorder,
    IReadOnlyList<string> Protocols)
{
    public static ConsentStatement Deny(IReadOnlyList<Criteria> scope, IReadOnlyList<Criteria> except) =>
        new(false, scope, except, null, []);

    /// <summary>`permit [recorder] [protocol …] {…}&amp;{…}-{…}`.</summary>
    public override string ToString() =>
        $"{(IsPermit ? "permit" : "deny")} {Recorder ?? "-"} "
            + $"{(Protocols.Count == 0 ? "-" : string.Join(',', Protocols.Order(StringComparer.Ordinal)))} " +
        string.Join('&', Scope.Select(s => s.ToString()))
            + string.Concat(Except.Select(e => e.ToString()).Distinct().Order(StringComparer.Ordinal).Select(e => "!" + e));

    /// <exception cref="FormatException">The text was not written by ToString.</exception>
    public static ConsentStatement Parse(string text)
    {
        if (text.Split(' ') is not ["permit" or "deny", var recorder, var protocols, var criteria])
            throw new FormatException("Not a consent statement.");
        var parts = criteria.Split('!');
        return new ConsentStatement(
            text[0] == 'p',
            [.. parts[0].Split('&').Select(Criteria.Parse)],
            [.. parts[1..].Select(Criteria.Parse)],
            recorder == "-" ? null : recorder,
            protocols == "-" ? [] : protocols.Split(','));
    }
}

/// <summary>`State`: the statements in force, one a line, sorted and distinct. Equal statements give the same class.</summary>
public sealed partial record ConsentState
{
    private readonly Lazy<IReadOnlyList<ConsentStatement>> statements;
    private readonly int hash;

    public ConsentState(string state)
    {
        State = state;
        hash = string.GetHashCode(state, StringComparison.Ordinal);
        statements = new(() => State.Length == 0 ? [] : [.. State.Split('\n').Select(ConsentStatement.Parse)]);
    }

    private ConsentState(string state, IEnumerable<ConsentStatement> known) : this(state) => statements = new([.. known]);

    public string State { get; }

    /// <summary>Parsed once, when first asked for.</summary>
    /// <exception cref="FormatException">The state was not written here: the caller must deny.</exception>
    public IReadOnlyList<ConsentStatement> Statements => statements.Value;

    /// <summary>`Consent/x` → its statement, for explaining a decision; empty if only the class is known. Not part of equality.</summary>
    public IReadOnlyList<(string Consent, ConsentStatement Statement)> Sources { get; init; } = [];

    /// <summary>The state at a moment, and when it must be read again.</summary>
    /// <param name="rows">Consent id and facts of every active Consent of the person.</param>
    /// <param name="ofSameNumber">Those of the persons with the NHS number that this person's Patient states, unverified: their refusals
    /// count here too, their permits do not.</param>
    public static (ConsentState State, DateTimeOffset? NextBoundary) InForce(IEnumerable<(string ConsentId, string Facts)> rows,
        DateTimeOffset now,
        IEnumerable<(string ConsentId, string Facts)>? ofSameNumber = null)
    {
        DateTimeOffset? next = null;
        var sources = new List<(string, ConsentStatement)>();
        Read(rows, withPermits: true);
        if (ofSameNumber != null) Read(ofSameNumber, withPermits: false);
        return (Of(sources), next);

        void Read(IEnumerable<(string ConsentId, string Facts)> these, bool withPermits)
        {
            foreach (var (id, text) in these)
            {
                var facts = ConsentFacts.Parse(text);
                if (facts.ChangesAfter(now) is { } change && !(change > next)) next = change;
                foreach (var statement in facts.At(now))
                    if (withPermits || !statement.IsPermit) sources.Add(($"Consent/{id}", statement));
            }
        }
    }

    public static ConsentState Of(IReadOnlyList<(string Consent, ConsentStatement Statement)> sources)
    {
        if (sources.Count == 0) return None;
        var byText = new SortedDictionary<string, ConsentStatement>(StringComparer.Ordinal);
        foreach (var (_, statement) in sources) byText[statement.ToString()] = statement;
        return new ConsentState(string.Join('\n', byText.Keys), byText.Values) { Sources = sources };
    }

    public bool Equals(ConsentState? other) =>
        other is not null && (ReferenceEquals(this, other) || hash == other.hash && State == other.State);
    public override int GetHashCode() => hash;
    public override string ToString() => State;
}
