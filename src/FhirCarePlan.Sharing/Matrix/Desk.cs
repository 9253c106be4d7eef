namespace FhirCarePlan.Sharing.Matrix;

/// <summary>Who asks for what, apart from the person and what they said.</summary>
/// <param name="Role">Null for a caller who states none; empty for every role that no clause names.</param>
/// <param name="IsOwn">The party's own record; otherwise what other parties hold.</param>
public readonly record struct Desk(string Party, string? Role, string Purpose, string Action, bool IsOwn);

/// <summary>One desk's answers about one class of types.</summary>
/// <param name="Cells">For each column of the matrix the contexts in which it is open.</param>
public sealed record DeskAnswers(Desk Desk, NameClass Types, ulong[] Cells)
{
    public bool IsClosed => Array.TrueForAll(Cells, c => c == 0);
}
