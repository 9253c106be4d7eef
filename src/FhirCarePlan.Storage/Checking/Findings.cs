namespace FhirCarePlan.Storage.Checking;

/// <summary>Gathers findings of the same kind into one, with the first rows named and all counted.</summary>
public sealed class Findings
{
    private const int MostNamed = 20;
    public const string Restore = "Restore a backup (`restore`) made before, or ask who wrote it to write it again";

    private readonly Dictionary<(string What, string ToDo), (List<string> Named, int Count)> found = [];

    /// <param name="row">Where; null when the finding is about the whole.</param>
    public void Add(string what, string toDo, string? row = null)
    {
        var (named, count) = found.TryGetValue((what, toDo), out var known) ? known : ([], 0);
        if (row != null && named.Count < MostNamed) named.Add(row);
        found[(what, toDo)] = (named, count + 1);
    }

    public IReadOnlyList<Finding> All => [.. found.Select(f => new Finding(Text(f.Key.What, f.Value.Named, f.Value.Count), f.Key.ToDo))];

    private static string Text(string what, List<string> named, int count) => named.Count == 0 ? what
        : $"{what}: {string.Join(", ", named)}{(count > named.Count ? $" and {count - named.Count} more" : "")}";
}
