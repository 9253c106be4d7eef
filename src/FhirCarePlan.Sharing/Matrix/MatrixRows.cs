namespace FhirCarePlan.Sharing.Matrix;

/// <summary>A matrix as lines for people: what says the same is said once.</summary>
public static class MatrixRows
{
    /// <summary>In the order of the agreement. Nothing is lost: the lines together name every open cell.</summary>
    public static IReadOnlyList<MatrixRow> Of(SharingMatrix matrix, MatrixFilter filter)
    {
        var cells = new List<MatrixRow>();
        foreach (var answers in matrix.Open.Where(a => filter.Takes(matrix, a)))
        {
            var clauses = filter.WithClauses ? matrix.Clauses(answers) : null;
            for (var column = 0; column < matrix.Columns.Count; column++)
            {
                var cell = answers.Cells[column];
                if (cell == 0 || !filter.TakesData(matrix, column)) continue;
                var (desk, types) = (answers.Desk, answers.Types);
                cells.Add(new(desk.Party, [MatrixRow.NameOf(desk.Role)], desk.Purpose, desk.IsOwn, [desk.Action],
                    types.IsRest ? [MatrixRow.OtherType] : types.Names, [matrix.Columns[column]], cell,
                    clauses is not null && column < clauses.Length ? clauses[column] : []));
            }
        }
        return Merge(cells, matrix.Scope, filter.PerCell);
    }

    /// <param name="perCell">Only types are joined.</param>
    internal static IReadOnlyList<MatrixRow> Merge(List<MatrixRow> cells, MatrixScope scope, bool perCell = false)
    {
        var rows = Merged(cells, r => r.Types, (r, types) => r with { Types = types });
        if (!perCell)
        {
            rows = Merged(rows, r => r.Data, (r, data) => r with { Data = data });
            rows = Merged(rows, r => r.Actions, (r, actions) => r with { Actions = actions });
            rows = Merged(rows, r => r.Roles, (r, roles) => r with { Roles = roles });
        }
        var all = scope.Types.SelectMany(t => t.IsRest ? [MatrixRow.OtherType] : t.Names).ToList();
        return [.. rows.Select(r => r with { Types = Shortly(r.Types, all) })];
    }

    private static IReadOnlyList<string> Shortly(IReadOnlyList<string> types, List<string> all)
    {
        var missing = all.Except(types).ToList();
        return missing.Count == 0 ? [MatrixRow.AllTypes] : types.Contains(MatrixRow.OtherType) && missing.Count < types.Count
            ? [MatrixRow.AllBut + missing[0], .. missing.Skip(1)] : types;
    }

    private static List<MatrixRow> Merged(List<MatrixRow> rows, Func<MatrixRow, IReadOnlyList<string>> part,
        Func<MatrixRow, IReadOnlyList<string>, MatrixRow> with)
    {
        var merged = new Dictionary<string, (MatrixRow Row, List<string> Names)>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var key = Key(with(row, []));
            if (!merged.TryGetValue(key, out var same)) merged.Add(key, same = (row, []));
            same.Names.AddRange(part(row).Except(same.Names));
        }
        return [.. merged.Values.Select(m => with(m.Row, m.Names))];
    }

    private static string Key(MatrixRow row) =>
        string.Join('\n', row.Party, Join(row.Roles), row.Purpose, row.IsOwn, Join(row.Actions), Join(row.Types), Join(row.Data), row.Cell,
            Join(row.Clauses));

    private static string Join(IReadOnlyList<string> names) => string.Join('\t', names);
}

/// <summary>Which cells to show; null for all.</summary>
public sealed record MatrixFilter
{
    public string? Party { get; init; }
    public string? Role { get; init; }
    public string? Purpose { get; init; }
    public string? Action { get; init; }
    public string? Type { get; init; }
    public string? Category { get; init; }
    /// <summary>True for a party's own record, false for what others hold.</summary>
    public bool? IsOwn { get; init; }
    /// <summary>Labels beside categories.</summary>
    public bool WithLabels { get; init; }
    public bool WithClauses { get; init; } = true;
    /// <summary>One line for each party, role, purpose, action and category.</summary>
    public bool PerCell { get; init; }

    /// <summary>What it names and the agreement does not have, in a sentence; null when all is known. A misspelt name would show that
    /// nobody may see anything.</summary>
    public string? Unknown(SharingMatrix matrix)
    {
        var desks = matrix.Scope.Desks;
        return Fault("party", Party, desks.Select(d => d.Party)) ?? Fault("role", Role, desks.Select(d => MatrixRow.NameOf(d.Role)))
            ?? Fault("purpose", Purpose, desks.Select(d => d.Purpose)) ?? Fault("action", Action, Rule.KnownActions)
                ?? Fault("category", Category, matrix.Columns)
            ?? (Type is null || CategoryExpression.IsType(Type) ? null : $"`{Type}` is not a resource type");

        static string? Fault(string kind, string? name, IEnumerable<string> known) =>
            name is null || known.Contains(name)
                ? null : $"`{name}` is not a {kind} of this agreement. There are: {string.Join(", ", known.Distinct())}";
    }

    internal bool Takes(SharingMatrix matrix, DeskAnswers answers)
    {
        var desk = answers.Desk;
        return (Party is null || desk.Party == Party) && (Role is null || MatrixRow.NameOf(desk.Role) == Role)
            && (Purpose is null || desk.Purpose == Purpose)
            && (Action is null || desk.Action == Action) && (IsOwn is null || desk.IsOwn == IsOwn)
            && (Type is null || answers.Types == matrix.ClassOf(Type));
    }

    internal bool TakesData(SharingMatrix matrix, int column) =>
        Category is null ? WithLabels || column < matrix.Protocol.Categories.Count : matrix.Columns[column] == Category;
}
