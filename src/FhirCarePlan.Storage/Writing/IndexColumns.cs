using FhirCarePlan.Storage.Engine;

namespace FhirCarePlan.Storage.Writing;

/// <summary>The SQL of one index table, and which parts of a tuple its columns hold.</summary>
internal sealed class IndexColumns
{
    private enum Part { Text1, Text2, Text3, Low, High, NumberLow, NumberHigh, Number, Key }

    public static readonly IndexColumns[] All =
    [
        new(IndexTable.Token, ("code", Part.Text1), ("system", Part.Text2)),
        new(IndexTable.Text, ("text", Part.Text1)),
        new(IndexTable.Reference, ("id", Part.Text1), ("type", Part.Text2), ("address", Part.Text3)),
        new(IndexTable.String, ("normal", Part.Text1), ("text", Part.Text2)),
        new(IndexTable.Uri, ("uri", Part.Text1)),
        new(IndexTable.Date, ("low", Part.Low), ("high", Part.High)),
        new(IndexTable.Number, ("low", Part.NumberLow), ("high", Part.NumberHigh), ("number", Part.Number)),
        new(IndexTable.Quantity, ("low", Part.NumberLow), ("high", Part.NumberHigh), ("number", Part.Number),
            ("system", Part.Text2), ("code", Part.Text1), ("unit", Part.Text3)),
        new(IndexTable.Pair, ("key", Part.Key), ("text1", Part.Text1), ("text2", Part.Text2), ("text3", Part.Text3), ("first", Part.Low), ("last", Part.High),
            ("low", Part.NumberLow), ("high", Part.NumberHigh)),
        new(IndexTable.Words, ("words", Part.Text1)),
    ];

    /// <summary>The names of all tables with rows of resources: what checks or erases them must leave none out.</summary>
    public static IReadOnlyList<string> Tables { get; } = [.. Enum.GetValues<IndexTable>().Select(NameOf)];

    private static string NameOf(IndexTable table) => $"index_{table.ToString().ToLowerInvariant()}";

    private readonly IndexTable table;
    private readonly Part[] parts;

    private IndexColumns(IndexTable table, params (string Name, Part Part)[] columns)
    {
        this.table = table;
        parts = [.. columns.Select(column => column.Part)];
        string[] names = ["resource", "param", .. columns.Select(column => column.Name), "labels"];
        var name = NameOf(table);
        Insert = string.Intern($"INSERT INTO {name} ({string.Join(", ", names)}) VALUES ({string.Join(", ", names.Select((_, i) => $"?{i + 1}"))}) ON CONFLICT DO NOTHING");
        Delete = string.Intern($"DELETE FROM {name} WHERE {string.Join(" AND ", names.Select((column, i) => $"{column} = ?{i + 1}"))}");
        OfResource = string.Intern($"SELECT {string.Join(", ", names[1..])} FROM {name} WHERE resource = ?1");
        DeleteResource = string.Intern($"DELETE FROM {name} WHERE resource = ?1");
    }

    // Interned, since connections find their statements by reference.
    public string Insert { get; }
    public string Delete { get; }
    public string OfResource { get; }
    public string DeleteResource { get; }

    public void Run(Statement statement, long resource, in IndexTuple tuple)
    {
        statement.Bind(1, resource).Bind(2, tuple.Param);
        for (var i = 0; i < parts.Length; i++)
        {
            _ = parts[i] switch
            {
                Part.Text1 => statement.Bind(3 + i, tuple.Text1),
                Part.Text2 => statement.Bind(3 + i, tuple.Text2),
                Part.Text3 => statement.Bind(3 + i, tuple.Text3),
                Part.Key => statement.Bind(3 + i, tuple.Key),
                Part.Low => statement.Bind(3 + i, tuple.Low),
                Part.High => statement.Bind(3 + i, tuple.High),
                Part.NumberLow => statement.Bind(3 + i, tuple.NumberLow),
                Part.NumberHigh => statement.Bind(3 + i, tuple.NumberHigh),
                _ => statement.Bind(3 + i, tuple.Number),
            };
        }
        statement.Bind(3 + parts.Length, tuple.Labels).Run();
    }

    /// <summary>Reads a row of `OfResource`.</summary>
    public IndexTuple Read(Statement row)
    {
        var (text1, text2, text3, key) = ("", "", "", "");
        long low = 0, high = 0;
        double numberLow = 0, numberHigh = 0, number = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            switch (parts[i])
            {
                case Part.Text1: text1 = row.Text(1 + i); break;
                case Part.Text2: text2 = row.Text(1 + i); break;
                case Part.Text3: text3 = row.Text(1 + i); break;
                case Part.Key: key = row.Text(1 + i); break;
                case Part.Low: low = row.Int64(1 + i); break;
                case Part.High: high = row.Int64(1 + i); break;
                case Part.NumberLow: numberLow = row.Double(1 + i); break;
                case Part.NumberHigh: numberHigh = row.Double(1 + i); break;
                default: number = row.Double(1 + i); break;
            }
        }
        return new(table, row.Int32(0), row.Int64(1 + parts.Length), text1, text2, text3, low, high, numberLow, numberHigh, number) { Key = key };
    }
}
