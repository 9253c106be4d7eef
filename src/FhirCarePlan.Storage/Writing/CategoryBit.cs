using FhirCarePlan.Storage.Engine;

namespace FhirCarePlan.Storage.Writing;

/// <summary>Gives bits to categories: each once, and never again to another.</summary>
internal static class CategoryBit
{
    public static IReadOnlyDictionary<string, int> Give(Connection connection, IReadOnlyList<string> categories)
    {
        var bits = Given(connection);
        var next = bits.Values.DefaultIfEmpty(-1).Max() + 1;
        var added = categories.Where(category => !bits.ContainsKey(category)).Distinct().ToList();
        if (next + added.Count > DatabaseStore.MostCategories)
            throw new InvalidOperationException($"{next} of {DatabaseStore.MostCategories} category bits were given already, and a bit is never used again: {added.Count} more do not fit.");
        foreach (var category in added)
        {
            bits[category] = next;
            connection.Use("INSERT INTO category_bit (category, bit) VALUES (?1, ?2)").Bind(1, category).Bind(2, next++).Run();
        }
        return categories.Distinct().ToDictionary(category => category, category => bits[category], StringComparer.Ordinal);
    }

    /// <summary>The bits given so far.</summary>
    public static Dictionary<string, int> Given(Connection connection)
    {
        var bits = new Dictionary<string, int>(StringComparer.Ordinal);
        using var rows = connection.Use("SELECT category, bit FROM category_bit");
        while (rows.Step()) bits[rows.Text(0)] = rows.Int32(1);
        return bits;
    }
}
