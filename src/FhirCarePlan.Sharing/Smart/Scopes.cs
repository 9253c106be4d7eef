namespace FhirCarePlan.Sharing.Smart;

/// <summary>The scopes of a token. They narrow what the agreement decides and never widen it: what none of them covers does not exist for
/// the caller (src/docs/smart.md#scopes). Two are equal when they say the same.</summary>
public sealed class Scopes : IEquatable<Scopes>
{
    public Scopes(IEnumerable<ScopeGrant> grants)
    {
        Grants = [.. grants.DistinctBy(g => g.ToString()).OrderBy(g => g.ToString(), StringComparer.Ordinal)];
        Text = string.Join(' ', Grants);
    }

    /// <summary>In place of a gate: the scopes refused, not the agreement.</summary>
    public const string Gate = "scope";

    /// <summary>Covers nothing.</summary>
    public static Scopes None { get; } = new([]);

    public IReadOnlyList<ScopeGrant> Grants { get; }
    /// <summary>Those that could be read, in an order that does not depend on the token.</summary>
    public string Text { get; }

    /// <summary>Scopes that let the caller do this with some resources of the type.</summary>
    /// <param name="action">`read`, `search`, `create`, `update` or `delete`.</param>
    public IEnumerable<ScopeGrant> For(string action, string type) => Grants.Where(g => g.Covers(LetterOf(action), type));

    public bool Covers(string action, string type) => For(action, type).Any();

    /// <summary>`read`, with the version history of one resource: `r`; a search: `s`.</summary>
    public static char LetterOf(string action) => action switch
    {
        "create" => 'c',
        "read" => 'r',
        "update" => 'u',
        "delete" => 'd',
        "search" => 's',
        _ => throw new ArgumentOutOfRangeException(nameof(action), "not an action of a scope"),
    };

    public bool Equals(Scopes? other) => other is not null && Text == other.Text;
    public override bool Equals(object? obj) => Equals(obj as Scopes);
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
    public override string ToString() => Text;
}
