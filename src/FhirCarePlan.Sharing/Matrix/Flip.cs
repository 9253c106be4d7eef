namespace FhirCarePlan.Sharing.Matrix;

/// <summary>Cells that two agreements answer otherwise, in the same contexts and for the same reason of place.</summary>
/// <param name="Widens">Open in the second and closed in the first.</param>
/// <param name="Row">The contexts that flip, and the clauses of the agreement that opens them.</param>
/// <param name="Example">One request that is answered otherwise.</param>
public sealed record Flip(bool Widens, MatrixRow Row, ExampleRequest Example);

/// <summary>A request in plain parts.</summary>
public sealed record ExampleRequest(string Party, string Role, string Purpose, string Action, string Type, string Category, bool IsOwn,
    string Tie, string Consent)
{
    public override string ToString() =>
        $"{Party}, {Role}, for {Purpose}: {Action} {Category} in {Type} {(IsOwn ? "of its own record" : "of another party's record")}, "
            + $"tie {Tie}, consent {Consent}";

    /// <summary>0 for a type of the category itself, 1 for one with elements of it, 2 for any.</summary>
    internal int Distance { get; init; }

    internal static ExampleRequest Of(Desk desk, NameClass types, Category? category, string column, int context)
    {
        var (hasPerson, tie, said) = Contexts.At(context);
        var (type, distance) = types.Names.FirstOrDefault(t => category?.Roots.ContainsKey(t) == true) is { } root ? (root, 0)
            : types.Names.FirstOrDefault(t => category?.Concerns(t) == true) is { } part ? (part, 1) : (types.Example, 2);
        return new(desk.Party, MatrixRow.NameOf(desk.Role), desk.Purpose, desk.Action, type, column, desk.IsOwn,
            hasPerson
                ? Contexts.Ties[tie].Name
                : "nobody's", said switch { ConsentSaid.Agreed => "granted", ConsentSaid.Refused => "refused", _ => "none" })
        { Distance = distance };
    }
}
