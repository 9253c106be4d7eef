namespace FhirCarePlan.Storage.Engine;

/// <summary>A prepared statement, kept by its connection: bind (from 1), step, read columns (from 0); disposing hands it back.</summary>
internal abstract class Statement : IDisposable
{
    public abstract Statement Bind(int index, long value);
    public abstract Statement Bind(int index, long? value);
    public abstract Statement Bind(int index, double value);
    public abstract Statement Bind(int index, string? value);
    public abstract Statement BindUtf8(int index, ReadOnlySpan<byte> utf8);
    public abstract Statement BindBlob(int index, ReadOnlySpan<byte> bytes);
    public abstract Statement BindNoBlob(int index);

    /// <summary>Values as SqlText gathers them.</summary>
    public Statement BindAll(List<object> values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            _ = values[i] switch
            {
                long number => Bind(i + 1, number),
                double number => Bind(i + 1, number),
                string text => Bind(i + 1, text),
                _ => throw new InvalidOperationException("Not a value of SqlText."),
            };
        }
        return this;
    }

    /// <summary>True: there is a row. False: there are no more.</summary>
    public abstract bool Step();

    /// <summary>Runs a statement without rows and makes it ready for the next values. An engine may wait with it until something is asked or
    /// committed.</summary>
    public abstract void Run();

    public abstract bool IsNull(int column);
    public abstract long Int64(int column);
    public abstract int Int32(int column);
    public abstract double Double(int column);
    /// <summary>The bytes of a blob or of a text in UTF-8; gone with the next step.</summary>
    public abstract ReadOnlySpan<byte> Bytes(int column);
    public abstract byte[] Blob(int column);
    public abstract string Text(int column);

    public byte[]? BlobOrNull(int column) => IsNull(column) ? null : Blob(column);
    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);
    public long? Int64OrNull(int column) => IsNull(column) ? null : Int64(column);

    /// <summary>Ready to be used again; frees what it read.</summary>
    public abstract void Dispose();
}
