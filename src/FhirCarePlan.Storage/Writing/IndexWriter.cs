using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Storage.Reading;

namespace FhirCarePlan.Storage.Writing;

/// <summary>Keeps the index rows of a resource equal to those of its current version.</summary>
internal sealed class IndexWriter(Connection connection)
{
    private readonly List<IndexTuple> wanted = [], missing = [];
    private readonly HashSet<IndexTuple> there = [];

    public void WriteNew(long resource, VersionToWrite write)
    {
        Want(write);
        Insert(resource, wanted);
    }

    /// <summary>Touches only the rows that differ: most updates leave most values unchanged. The references of the previous version stay
    /// known.</summary>
    public void Replace(long resource, VersionToWrite write)
    {
        missing.Clear();
        Want(write);
        ReadThere(resource);
        foreach (var tuple in wanted)
            if (!there.Remove(tuple)) missing.Add(tuple);
        foreach (var tuple in there)
        {
            if (tuple is { Table: IndexTable.Reference, Param: ReferrerReader.Mention }) continue;
            if (IsLocal(tuple) && !IsIndexed(tuple.Text2, tuple.Text1, wanted.Count)) missing.Add(Mention(tuple.Text2, tuple.Text1));
            var columns = IndexColumns.All[(int)tuple.Table];
            columns.Run(connection.Use(columns.Delete), resource, tuple);
        }
        Insert(resource, missing);
    }

    /// <summary>Whether the rows are those that would be written now. References of older versions may be there as well.</summary>
    public bool Matches(long resource, VersionToWrite write)
    {
        Want(write);
        ReadThere(resource);
        return wanted.Distinct().All(there.Remove) && there.All(tuple => tuple is { Table: IndexTable.Reference, Param: ReferrerReader.Mention });
    }

    private void ReadThere(long resource)
    {
        there.Clear();
        if (connection.IsFar) connection.Ask([.. IndexColumns.All.Select(columns => connection.Use(columns.OfResource).Bind(1, resource))]);
        foreach (var columns in IndexColumns.All)
        {
            using var row = connection.IsFar ? connection.Use(columns.OfResource) : connection.Use(columns.OfResource).Bind(1, resource);
            while (row.Step()) there.Add(columns.Read(row));
        }
    }

    /// <summary>No search finds a deleted resource, but its older versions keep their references.</summary>
    public void Clear(long resource) => Replace(resource, Nothing);

    private static readonly VersionToWrite Nothing = new(null!, []);

    private void Want(VersionToWrite write)
    {
        wanted.Clear();
        IndexTuple.Add(write.Index, wanted);
        Distinct();
        var indexed = wanted.Count;
        foreach (var reference in write.References)
            if (Reference.TryKey(reference, out var type, out var id) && !IsIndexed(type, id, indexed))
                wanted.Add(Mention(type, id.ToString()));
    }

    /// <summary>Rows that are equal are one.</summary>
    private void Distinct()
    {
        there.Clear();
        wanted.RemoveAll(tuple => !there.Add(tuple));
        there.Clear();
    }

    private bool IsIndexed(ReadOnlySpan<char> type, ReadOnlySpan<char> id, int indexed)
    {
        for (var i = 0; i < indexed; i++)
            if (IsLocal(wanted[i]) && type.SequenceEqual(wanted[i].Text2) && id.SequenceEqual(wanted[i].Text1)) return true;
        return false;
    }

    private static bool IsLocal(in IndexTuple tuple) => tuple is { Table: IndexTable.Reference, Text1.Length: > 0, Text2.Length: > 0 };

    /// <summary>No caller is permitted every bit: an include of all references does not follow these.</summary>
    private const long Nobody = -1;

    private static IndexTuple Mention(string type, string id) =>
        new(IndexTable.Reference, ReferrerReader.Mention, Nobody, id, type, "", 0, 0, 0, 0, 0);

    private void Insert(long resource, List<IndexTuple> tuples)
    {
        foreach (var tuple in tuples)
        {
            var columns = IndexColumns.All[(int)tuple.Table];
            columns.Run(connection.Use(columns.Insert), resource, tuple);
        }
    }
}
