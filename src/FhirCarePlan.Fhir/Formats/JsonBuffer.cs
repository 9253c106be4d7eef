using System.Buffers;
using System.Text;

namespace FhirCarePlan.Fhir.Formats;

/// <summary>A byte buffer that can take back bytes it wrote, so that empty objects can be left out. It is pooled; or it only counts; or it
/// fills an array that was counted before, so that something large is not held twice.</summary>
internal struct JsonBuffer
{
    private readonly bool isPooled;
    /// <summary>Null to count.</summary>
    private byte[]? bytes;

    public JsonBuffer(int capacity) => (bytes, isPooled) = (ArrayPool<byte>.Shared.Rent(capacity), true);

    /// <param name="exact">Exactly as long as what will be written; null to count that.</param>
    public JsonBuffer(byte[]? exact) => bytes = exact;

    public int Length { get; set; }
    public readonly ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    /// <summary>What was written, in an array of its own; the one that was filled, where it is full.</summary>
    public readonly byte[] ToArray() => !isPooled && Length == bytes!.Length ? bytes : Written.ToArray();

    public readonly void Return()
    {
        if (isPooled) ArrayPool<byte>.Shared.Return(bytes!);
    }

    public void Add(byte value)
    {
        if (bytes is null)
        {
            Length++;
            return;
        }
        if (Length == bytes.Length) Grow(1);
        bytes[Length++] = value;
    }

    public void Add(ReadOnlySpan<byte> values)
    {
        if (bytes is null)
        {
            Length += values.Length;
            return;
        }
        if (Length + values.Length > bytes.Length) Grow(values.Length);
        values.CopyTo(bytes.AsSpan(Length));
        Length += values.Length;
    }

    public void AddAscii(string text)
    {
        if (bytes is null)
        {
            Length += text.Length;
            return;
        }
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
        if (bytes is null)
        {
            Length += Encoding.UTF8.GetByteCount(text);
            return;
        }
        // An exact array has no room for the most that could come.
        var most = isPooled ? Encoding.UTF8.GetMaxByteCount(text.Length) : Encoding.UTF8.GetByteCount(text);
        if (Length + most > bytes.Length) Grow(most);
        Length += Encoding.UTF8.GetBytes(text, bytes.AsSpan(Length));
    }

    private void Grow(int by)
    {
        // Beyond what was counted only for a moment: bytes that are taken back again were not counted.
        var larger = isPooled ? ArrayPool<byte>.Shared.Rent(Math.Max(bytes!.Length * 2, Length + by)) : new byte[Length + by + 1024];
        Written.CopyTo(larger);
        Return();
        bytes = larger;
    }

    private static readonly SearchValues<char> Escaped = SearchValues.Create("\"\\"
        + string.Concat(Enumerable.Range(0, 32).Select(i => (char)i)));
}
