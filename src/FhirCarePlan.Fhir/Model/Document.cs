using System.Buffers;
using System.Runtime.InteropServices;
using FhirCarePlan.Fhir.Definitions;

namespace FhirCarePlan.Fhir.Model;

/// <summary>One parsed resource: a flat table of nodes over the UTF-8 it was read from. The tables are pooled: dispose it, and keep no Node
/// longer. Siblings are linked in definition order, not in the order of the source, so that canonical form, labels and index values all see
/// one order. Several threads may read it.</summary>
public sealed class Document : IDisposable
{
    internal struct Row
    {
        /// <summary>Null for the root.</summary>
        public PropertyInfo? Property;
        /// <summary>The concrete type; for a contained or bundled resource the type it names.</summary>
        public TypeInfo Type;
        /// <summary>-1 for none, like every link.</summary>
        public int Parent, FirstChild, Next;
        /// <summary>The raw JSON token (quotes included); length 0 when there is no value.</summary>
        public int ValueStart, ValueLength;
        /// <summary>Where the element begins in the source, for line and column.</summary>
        public int Offset;
        /// <summary>Position in its array; 0 for a single element.</summary>
        public int Index;
    }

    /// <summary>A large source may be one long text: a table guessed from its length took 100 MB for a bundle of 29 MB.</summary>
    internal const int MostRowsAtFirst = 16_384;

    /// <summary>A rented table may be so much too large before it is exchanged for a smaller one: for long texts too many rows are rented,
    /// and a transaction keeps the tables of all its resources.</summary>
    private const int MostTooLarge = 4, NeverTooLarge = 256;

    private Row[] rows;
    // Tokens are cut from it so often that asking the memory for its span each time showed.
    private readonly ArraySegment<byte> source;

    /// <param name="places">Where each node begins in a source that is not `utf8`; null when the rows' offsets say so.</param>
    internal Document(ReadOnlyMemory<byte> utf8, Row[] rows, int count, (int Line, int Column)[]? places = null)
    {
        (Utf8, this.rows, Count, Places) = (utf8, rows, count, places);
        if (!MemoryMarshal.TryGetArray(utf8, out source)) source = utf8.ToArray();
        HasEscapes = utf8.Span.Contains((byte)'\\');
    }

    /// <returns>The rented table, or a smaller one in its place.</returns>
    internal static Row[] Fit(Row[] rows, int count)
    {
        if (rows.Length <= NeverTooLarge || rows.Length <= count * MostTooLarge) return rows;
        var smaller = ArrayPool<Row>.Shared.Rent(count);
        rows.AsSpan(0, count).CopyTo(smaller);
        rows.AsSpan(0, count).Clear();
        ArrayPool<Row>.Shared.Return(rows);
        return smaller;
    }

    /// <summary>The bytes of the tokens: the JSON source, or the values as the reader of another format wrote them.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }
    /// <summary>False: no token has an escape, so none needs to be looked at for one.</summary>
    internal bool HasEscapes { get; }
    internal (int Line, int Column)[]? Places { get; }
    /// <summary>`Utf8` is more or other than the resource as it was read.</summary>
    internal bool IsEdited { get; init; }
    /// <summary>How many nodes. Node indexes run from 0 (the root) to Count - 1; for canonical input they are in document order.</summary>
    public int Count { get; }
    public Node Root => new(this, 0);
    public TypeInfo Type => rows[0].Type;

    public Node this[int index] => new(this, index);

    internal int Capacity => rows.Length;

    internal ref Row At(int index) => ref rows[index];

    internal ReadOnlySpan<byte> Slice(int start, int length) => source.AsSpan(start, length);

    public void Dispose()
    {
        if (rows.Length == 0) return;
        Array.Clear(rows, 0, Count);
        ArrayPool<Row>.Shared.Return(rows);
        rows = [];
    }
}
