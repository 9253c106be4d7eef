namespace FhirCarePlan.Storage.Sqlite.Writing;

/// <summary>Keeps the index rows of a resource equal to those of its current version.</summary>
internal sealed class IndexWriter(Connection connection)
{
    private readonly List<IndexTuple> wanted = [], missing = [];
    private readonly HashSet<IndexTuple> there = [];

    public void WriteNew(long resource, IReadOnlyList<IndexRow> rows)
    {
        wanted.Clear();
        IndexTuple.Add(rows, wanted);
        Insert(resource, wanted);
    }

    /// <summary>Touches only the rows that differ: most updates leave most values as they were.</summary>
    public void Replace(long resource, IReadOnlyList<IndexRow> rows)
    {
        wanted.Clear();
        missing.Clear();
        there.Clear();
        IndexTuple.Add(rows, wanted);
        foreach (var columns in IndexColumns.All)
        {
            using var row = connection.Use(columns.OfResource).Bind(1, resource);
            while (row.Step()) there.Add(columns.Read(row));
        }
        foreach (var tuple in wanted)
            if (!there.Remove(tuple)) missing.Add(tuple);
        foreach (var tuple in there)
        {
            var columns = IndexColumns.All[(int)tuple.Table];
            columns.Run(connection.Use(columns.Delete), resource, tuple);
        }
        Insert(resource, missing);
    }

    public void Clear(long resource)
    {
        foreach (var columns in IndexColumns.All) connection.Use(columns.DeleteResource).Bind(1, resource).Run();
    }

    private void Insert(long resource, List<IndexTuple> tuples)
    {
        foreach (var tuple in tuples)
        {
            var columns = IndexColumns.All[(int)tuple.Table];
            columns.Run(connection.Use(columns.Insert), resource, tuple);
        }
    }
}
