using System.Text.RegularExpressions;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.SecondOpinion;

/// <summary>Where two verdicts on one resource differ. The engines word their findings differently and count some of them differently, so
/// only two things are compared: whether the resource is valid, and which invariants it breaks. Invariants have one name
/// everywhere.</summary>
/// <param name="Ours">Rules that only we find broken: all of them if only we refuse, else invariants.</param>
/// <param name="Theirs">The same of the other engine.</param>
public sealed partial record Difference(IReadOnlyList<string> Ours, IReadOnlyList<string> Theirs)
{
    /// <summary>Null when the verdicts agree.</summary>
    public static Difference? Between(IReadOnlyList<Issue> ours, IReadOnlyList<Issue> theirs)
    {
        var (a, b) = (Rules(ours), Rules(theirs));
        var difference = a.Count > 0 == b.Count > 0
            ? new Difference([.. a.Where(IsInvariant).Except(b)], [.. b.Where(IsInvariant).Except(a)])
            : new Difference(a, b);
        return difference is { Ours: [], Theirs: [] } ? null : difference;
    }

    public bool Equals(Difference? other) => other != null && Ours.SequenceEqual(other.Ours) && Theirs.SequenceEqual(other.Theirs);
    public override int GetHashCode() => HashCode.Combine(string.Join(' ', Ours), string.Join(' ', Theirs));
    public override string ToString() => $"ours [{string.Join(", ", Ours)}], theirs [{string.Join(", ", Theirs)}]";

    /// <summary>Sorted by their bytes, each once.</summary>
    private static List<string> Rules(IReadOnlyList<Issue> issues) =>
        [.. issues.Where(i => i.IsError).Select(i => i.Key ?? "").Distinct().Order(StringComparer.Ordinal)];

    /// <summary>`cpa-cp-4`, `ref-1`, `us-core-8a`; not `cardinality`, `parser-PVAL124` or `firely-1022`.</summary>
    private static bool IsInvariant(string rule) => Invariant().IsMatch(rule);

    [GeneratedRegex("^(?!firely-|parser-)[A-Za-z][A-Za-z0-9-]*-[0-9]{1,3}[a-z]?$", RegexOptions.CultureInvariant)]
    private static partial Regex Invariant();
}
