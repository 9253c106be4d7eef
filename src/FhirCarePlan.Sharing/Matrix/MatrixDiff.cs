using System.Numerics;

namespace FhirCarePlan.Sharing.Matrix;

/// <summary>What changes between two agreements: every cell that flips, and what no cell shows.</summary>
/// <param name="Flips">Widening first.</param>
/// <param name="Other">Changes of text that bear on decisions without a cell of their own.</param>
public sealed record MatrixDiff(Protocol Before, Protocol After, IReadOnlyList<Flip> Flips, IReadOnlyList<OtherChange> Other)
{
    public bool Widens => Flips.Any(f => f.Widens) || Other.Any(o => o.MayWiden);
    public bool IsEmpty => Flips.Count == 0 && Other.Count == 0;

    public static MatrixDiff Between(Protocol before, Protocol after, DateTimeOffset now)
    {
        var scope = new MatrixScope(before, after);
        var (old, young) = (new SharingMatrix(before, scope, now), new SharingMatrix(after, scope, now));
        var columns = old.Columns.Union(young.Columns).Select(name => (Name: name, Old: IndexOf(old, name), Young: IndexOf(young, name)))
            .ToList();
        var found = new List<Flip>();
        foreach (var desk in scope.Desks)
            foreach (var types in scope.Types)
            {
                var (a, b) = (old.Answers(desk, types), young.Answers(desk, types));
                if (a.IsClosed && b.IsClosed) continue;
                IReadOnlyList<string>[]? clausesBefore = null, clausesAfter = null;
                foreach (var (name, at, to) in columns)
                {
                    var (was, isNow) = (at < 0 ? 0 : a.Cells[at], to < 0 ? 0 : b.Cells[to]);
                    if (was == isNow) continue;
                    if ((isNow & ~was) is var opened and not 0)
                        Add(true, opened, to < 0 || to >= young.Protocol.Categories.Count ? [] : (clausesAfter ??= young.Clauses(b))[to]);
                    if ((was & ~isNow) is var closed and not 0)
                        Add(false, closed, at < 0 || at >= old.Protocol.Categories.Count ? [] : (clausesBefore ??= old.Clauses(a))[at]);

                    void Add(bool widens, ulong contexts, IReadOnlyList<string> clauses) => found.Add(new(widens,
                        new(desk.Party, [MatrixRow.NameOf(desk.Role)], desk.Purpose, desk.IsOwn, [desk.Action], types.IsRest
                            ? [MatrixRow.OtherType] : types.Names, [name], contexts, clauses),
                        ExampleRequest.Of(desk, types, young.Protocol.Category(name) ?? old.Protocol.Category(name), name,
                            BitOperations.TrailingZeroCount(contexts))));
                }
            }
        return new(before, after, Merged(found, scope), OtherChange.Between(before, after));
    }

    private static List<Flip> Merged(List<Flip> flips, MatrixScope scope)
    {
        var merged = new List<Flip>();
        foreach (var way in flips.GroupBy(f => f.Widens).OrderByDescending(g => g.Key))
            foreach (var row in MatrixRows.Merge([.. way.Select(f => f.Row)], scope))
            {
                // Of a type that holds the category itself, where there is one.
                var example = way.Where(f => f.Row.Party == row.Party && f.Row.Purpose == row.Purpose && f.Row.IsOwn == row.IsOwn
                    && f.Row.Cell == row.Cell
                    && row.Roles.Contains(f.Row.Roles[0]) && row.Actions.Contains(f.Row.Actions[0]) && row.Data.Contains(f.Row.Data[0]))
                        .MinBy(f => f.Example.Distance)!.Example;
                merged.Add(new(way.Key, row, example));
            }
        return merged;
    }

    private static int IndexOf(SharingMatrix matrix, string column)
    {
        for (var i = 0; i < matrix.Columns.Count; i++)
            if (matrix.Columns[i] == column) return i;
        return -1;
    }
}
