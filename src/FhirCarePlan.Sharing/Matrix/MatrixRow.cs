namespace FhirCarePlan.Sharing.Matrix;

/// <summary>Cells that say the same, as one line for people.</summary>
/// <param name="Roles">`any other role`, `no role stated`, or names.</param>
/// <param name="IsOwn">The party's own record; otherwise what other parties hold.</param>
/// <param name="Types">Resource types, or `all types`.</param>
/// <param name="Data">Categories, or labels that are cleared.</param>
/// <param name="Cell">The contexts in which it is open.</param>
/// <param name="Clauses">Ids of the rules that open it.</param>
public sealed record MatrixRow(string Party, IReadOnlyList<string> Roles, string Purpose, bool IsOwn, IReadOnlyList<string> Actions,
    IReadOnlyList<string> Types, IReadOnlyList<string> Data, ulong Cell, IReadOnlyList<string> Clauses)
{
    public const string OtherRole = "any other role", NoRole = "no role stated", OtherType = "any other type", AllTypes = "all types",
        AllBut = "all types but ";

    public string Condition => Matrix.Condition.Words(Cell);
    public string Record => IsOwn ? "own" : "others'";

    public static string NameOf(string? role) => role switch { null => NoRole, MatrixScope.OtherRole => OtherRole, _ => role };
}
