namespace FhirCarePlan.Sharing.Matrix;

/// <summary>Names that no clause tells apart: one stands for all of its class. Which clause says what is left to the decision
/// itself.</summary>
/// <param name="Example">A name of the class, to ask the question with.</param>
/// <param name="Names">All names of it; empty for every name that no clause mentions.</param>
public sealed record NameClass(string Example, IReadOnlyList<string> Names)
{
    public bool IsRest => Names.Count == 0;

    /// <param name="rest">Stands for those that no clause mentions.</param>
    /// <param name="lists">The lists of names that clauses state.</param>
    public static IReadOnlyList<NameClass> Of(string rest, IEnumerable<IReadOnlyList<string>> lists)
    {
        var stated = lists.Where(l => l.Count > 0).ToList();
        return
        [
            .. stated.SelectMany(l => l).Distinct().GroupBy(name => string.Concat(stated.Select(l => l.Contains(name) ? '1' : '0')))
                .Select(same => new NameClass(same.First(), [.. same.Order(StringComparer.Ordinal)])),
            new NameClass(rest, []),
        ];
    }
}
