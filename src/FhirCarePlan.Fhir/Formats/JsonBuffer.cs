using System.Buffers;
using System.Text;

namespace FhirCarePlan.Fhir.Formats;

/// <summary>A pooled byte buffer that can take back bytes it wrote, so that empty objects can be left out.</summary>
internal struct JsonBuffer(int capacity)
{
    private byte[] bytes = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; set; }
    public readonly ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    public void Return() => ArrayPool<byte>.Shared.Return(bytes);

    public void Add(byte value)
    {
        if (Length == bytes.Length) Grow(1);
        bytes[Length++] = value;
    }

    public void Add(ReadOnlySpan<byte> values)
    {
        if (Length + values.Length > bytes.Length) Grow(values.Length);
        values.CopyTo(bytes.AsSpan(Length));
        Length += values.Length;
    }

    public void AddAscii(string text)
    {
        if (Length + text.Length > bytes.Length) Grow(text.Length);
        Length += Encoding.ASCII.GetBytes(text, bytes.AsSpan(Length));
    }

    /// <summary>A JSON string with the escapes that JSON demands and no others.</summary>
    public void AddString(string text)
    {
        Add((byte)'"');
        var rest = text.AsSpan();
        while (rest.IndexOfAny(Escaped) is var at && at >= 0)
        {
            AddText(rest[..at]);
            Add(rest[at] switch
            {
                '"' => "\\\""u8,
                '\\' => "\\\\"u8,
                '\n' => "\\n"u8,
                '\r' => "\\r"u8,
                '\t' => "\\t"u8,
                '\b' => "\\b"u8,
                '\f' => "\\f"u8,
                var control => Encoding.ASCII.GetBytes($"\\u{(int)control:x4}"),
            });
            rest = rest[(at + 1)..];
        }
        AddText(rest);
        Add((byte)'"');
    }

    private void AddText(ReadOnlySpan<char> text)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (Length + most > bytes.Length) Grow(most);
        Length += Encoding.UTF8.GetBytes(text, bytes.AsSpan(Length));
    }

    private void Grow(int by)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(bytes.Length * 2, Length + by));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = larger;
    }

    private static readonly SearchValues<char> Escaped = SearchValues.Create("\"\\"
        + string.Concat(Enumerable.Range(0, 32).Select(i => (char)i)));
}
