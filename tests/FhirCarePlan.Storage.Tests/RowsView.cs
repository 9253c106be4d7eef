namespace FhirCarePlan.Storage.Tests;

/// <summary>A view as rows: a resource of `Type` that is the caller's party's own (`IsOwn`) or not, about a person with this class and these
/// kinds, may show the categories of `Mask`. Type null: every type not named otherwise.</summary>
public readonly record struct PermittedRow(string Type, Standing Standing, bool IsOwn, long Mask);

/// <summary>Answers from rows, and notes what it was asked. It says of every decision that it depends on everything, except where the rows
/// open nothing without a tie.</summary>
internal sealed class RowsView(IReadOnlyList<PermittedRow> rows) : ISearchView
{
    public IReadOnlyList<PermittedRow> Rows => rows;
    public HashSet<Standing> Asked { get; } = [];

    private IEnumerable<PermittedRow> Of(string type, bool isOwn) =>
        rows.Where(row => row.Type == (rows.Any(r => r.Type == type) ? type : null) && row.IsOwn == isOwn);

    public ViewBasis Basis(string type, bool isOwn) => new(~0L >>> 1,
        Of(type, isOwn).Where(row => row.Standing is { ConsentClass: not null, Kinds: 0 }).Aggregate(0L, (mask, row) => mask | row.Mask), true, true);

    public long Permitted(string type, bool isOwn, Standing standing)
    {
        Asked.Add(standing);
        return Of(type, isOwn).Where(row => row.Standing == standing).Select(row => row.Mask).DefaultIfEmpty(0).Aggregate((a, b) => a & b);
    }
}
