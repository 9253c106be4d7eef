namespace FhirCarePlan.Sharing.Matrix;

/// <summary>When a cell is open, in plain words and in parts: an exact reading of its contexts.</summary>
public static class Condition
{
    public const string Never = "never", Always = "always";

    /// <summary>Ties that give the same answers, with those answers.</summary>
    /// <param name="Ties">Names of ties; empty where none is needed.</param>
    /// <param name="Answers">As Contexts.Answers gives them.</param>
    public sealed record Part(IReadOnlyList<string> Ties, int Answers)
    {
        /// <summary>`any`, `not refused`, `agreed`, or the list of what opens.</summary>
        public string Consent => Answers switch
        {
            7 => "any",
            3 => "not refused",
            2 => "agreed",
            _ => string.Join(" or ", new[] { "nothing said", "agreed", "refused" }.Where((_, at) => (Answers & 1 << at) != 0)),
        };

        public override string ToString()
        {
            var tie = Ties.Count == 0 ? "" : $"tie: {string.Join(", ", Ties)}";
            var consent = Answers switch
            {
                7 => "",
                3 => "unless the person objects",
                2 => "only if the person agrees",
                _ => $"if consent is: {Consent}",
            };
            return tie == "" ? consent == "" ? Always : consent : consent == "" ? tie : $"{tie}; {consent}";
        }
    }

    /// <summary>Empty when no person's record is ever open.</summary>
    public static IReadOnlyList<Part> Parts(ulong cell)
    {
        var parts = new List<Part>();
        var untied = Contexts.Answers(cell, 0);
        if (untied != 0) parts.Add(new([], untied));
        foreach (var same in Enumerable.Range(1, Contexts.Ties.Count - 1)
            .Select(tie => (Contexts.Ties[tie].Kind, Answers: Contexts.Answers(cell, tie)))
            .Where(t => t.Answers != 0 && t.Answers != untied).GroupBy(t => t.Answers))
            parts.Add(new(Names(same.Aggregate(0L, (all, t) => all | t.Kind)), same.Key));
        return parts;
    }

    /// <summary>`care-team` for its four levels together.</summary>
    private static string[] Names(long kinds) => Relations.Describe(kinds).Split(" or ");

    /// <summary>True for what is about nobody: the directory, definitions.</summary>
    public static bool IsOpenAboutNobody(ulong cell) => (cell & 1UL << Contexts.Nobody) != 0;

    public static string Words(ulong cell)
    {
        if (cell == 0) return Never;
        var parts = Parts(cell);
        return parts.Count == 0 ? "only what is about nobody" : string.Join(" / ", parts);
    }
}
