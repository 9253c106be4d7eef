using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Choosing;

/// <summary>Which profiles a resource must meet where profiles are enforced: its content says, not what it claims. What no row of the table
/// speaks of is held to base R4 and to its claims. Four questions in turn, so that a later one does not overrule an earlier one: what the
/// content says, what it nearly says (a wrong digit, free text), what else looks like it, who writes it. Where a row says so, what was
/// bound
/// before stays bound. What may be one for all that is asked about, and not bound.</summary>
public sealed class ProfileChoice(ProfileTable table)
{
    /// <param name="writer">The kind of agency (a code of CPA-AgencyType) that writes it; null where nobody knows.</param>
    /// <param name="before">The version that this one replaces; Missing for none.</param>
    public Choice For(Node root, string? writer = null, Node before = default)
    {
        var rows = table.On(root.Type.Name);
        if (rows.Count == 0) return Choice.None;
        var (chosen, doubts) = Chosen(rows, root, writer);
        if (chosen.Count == 0 && !before.IsMissing && before.Type.Name == root.Type.Name)
            foreach (var row in rows.Where(r => r.Stays && r.Content.Any(d => !d.Find(before).IsMissing)))
            {
                chosen.Add(row);
                (doubts ??= []).Add(new(root,
                    $"This was a {row.Profile} until now, and nothing says so any more. Keep {row.Wanted}, or write a new resource",
                    row.Canonical));
            }
        if (chosen.Count == 0 && rows.FirstOrDefault(r => r.IsOtherwise) is { } otherwise) chosen.Add(otherwise);
        foreach (var row in rows)
            if (row.Hints.Count > 0 && row.IsOpen(chosen) && row.Hint(root, writer) is { } hint) (doubts ??= []).Add(hint);
        return chosen.Count == 0 && doubts is null ? Choice.None : new([.. chosen.Select(r => r.Canonical)], doubts ?? (IReadOnlyList<Doubt>)[]);
    }

    private static (List<ChoiceRow> Rows, List<Doubt>? Doubts) Chosen(IReadOnlyList<ChoiceRow> rows, Node root, string? writer)
    {
        var chosen = new List<ChoiceRow>();
        List<Doubt>? doubts = null;
        foreach (var row in rows)
            if (row.Content.Any(d => !Found(d, root, writer).IsMissing)) chosen.Add(row);
        foreach (var row in rows)
            if ((chosen.Contains(row) || row.IsOpen(chosen)) && row.Nearly(root) is { } near) Doubt(row, near);
        foreach (var row in rows)
            if (row.IsOpen(chosen) && row.Sign(root, null, chosen) is { } sign) Doubt(row, sign);
        foreach (var row in rows)
            if (writer != null && row.IsOpen(chosen) && row.Sign(root, writer, chosen) is { } sign) Doubt(row, sign);
        return (chosen, doubts);

        void Doubt(ChoiceRow row, Doubt doubt)
        {
            if (!chosen.Contains(row)) chosen.Add(row);
            (doubts ??= []).Add(doubt);
        }
    }

    private static Node Found(Decider decider, Node root, string? writer) =>
        decider is WriterDecider by ? by.Find(root, writer) : decider.Find(root);
}

/// <param name="Profiles">Canonicals to ask for besides base R4; most often one or none.</param>
/// <param name="Doubts">Why one of them was chosen although the content does not say so outright: each is an error, but for hints.</param>
public readonly record struct Choice(IReadOnlyList<string> Profiles, IReadOnlyList<Doubt> Doubts)
{
    public static Choice None { get; } = new([], []);
}

/// <param name="Text">What was found, and what was probably meant.</param>
public sealed record Doubt(Node At, string Text, string Profile)
{
    /// <summary>The profile was not chosen: a warning.</summary>
    public bool IsHint { get; init; }
}
