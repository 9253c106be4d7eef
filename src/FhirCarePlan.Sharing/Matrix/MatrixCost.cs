namespace FhirCarePlan.Sharing.Matrix;

/// <summary>How much a matrix asks, counted before it asks: drafts of strangers must not cost without bounds.</summary>
public static class MatrixCost
{
    /// <summary>Parties times clauses times purposes, and names in lists. Agreements that are meant have far fewer.</summary>
    public const int MostParts = 1_000_000;
    /// <summary>Parties with roles, purposes, actions, records and classes of types.</summary>
    public const int MostQuestions = 400_000;

    /// <summary>Null when the matrix may be asked, else why not.</summary>
    public static string? TooMuch(params IReadOnlyList<Protocol> protocols) => MatrixScope.Count(protocols) is var count and > MostQuestions
        ? $"This agreement needs {count:N0} questions to be shown; this page asks at most {MostQuestions:N0}. "
            + "The command `protocol matrix` has no such bound"
        : null;

    private static IEnumerable<Names> Lists(Protocol protocol) =>
    [
        .. protocol.Rules.SelectMany(r => new[] { r.To, r.Roles, r.Purposes, r.Types, r.Data, r.Actions }),
        .. protocol.Bars.SelectMany(b => new[] { b.To, b.Roles, b.Data }), .. protocol.Purposes.Select(p => p.Parties),
        .. protocol.Parties.SelectMany(p => p.Home).SelectMany(h => new[] { h.Roles, h.Purposes, h.Types, h.Data, h.Actions }),
        .. protocol.Parties.SelectMany(p => p.Rights).Select(r => r.Roles),
    ];

    /// <summary>What the checks work on, at its largest.</summary>
    public static long PartsOf(Protocol protocol)
    {
        long clauses = protocol.Rules.Count + protocol.Bars.Count + protocol.Parties.Sum(p => p.Home.Count) + 1;
        // Lists of names are compared with themselves.
        return (protocol.Parties.Count + 1) * clauses * (protocol.Purposes.Count + 1) + protocol.Tests.Count * clauses
            + Lists(protocol).Sum(list => (long)list.Listed.Count * list.Listed.Count);
    }
}
