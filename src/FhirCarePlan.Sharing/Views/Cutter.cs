using System.Buffers;
using FhirCarePlan.Sharing.Labelling;

namespace FhirCarePlan.Sharing.Views;

/// <summary>Copies a body without the cuts that are not permitted, and mends commas and empty containers.</summary>
internal ref struct Cutter(ReadOnlySpan<byte> body, int capacity)
{
    private readonly ReadOnlySpan<byte> body = body;
    private byte[] output = ArrayPool<byte>.Shared.Rent(capacity);
    private int length;
    private int at;
    private OpenContainers open;
    private int depth;

    private struct OpenContainer
    {
        public int End, Start;
    }

    // A body nests at most 60 levels, each an array and an object with `_x`.
    [System.Runtime.CompilerServices.InlineArray(192)]
    private struct OpenContainers
    {
        private OpenContainer first;
    }

    public readonly ReadOnlySpan<byte> Written => output.AsSpan(0, length);

    public readonly void Return() => ArrayPool<byte>.Shared.Return(output);

    public void Run(LabelReader labels, long permitted, ViewMarks? marks, ViewVersion? version)
    {
        var numbers = new NumberReader(labels.Cuts);
        var start = 0;
        while (!numbers.IsAtEnd)
        {
            var kind = numbers.Next();
            start += numbers.Next();
            var end = start + numbers.Next();
            var mask = kind is CutList.Cut or CutList.MetaPart ? labels.Mask(numbers.Next()) : 0;
            if (kind == CutList.MetaPart) numbers.Next();
            if (start < at) continue; // inside a part that was left out
            CloseContainers(start);
            CopyTo(start);
            switch (kind)
            {
                case CutList.Cut when (mask & ~permitted) != 0:
                    at = end;
                    Mend();
                    break;
                case CutList.Container:
                    open[depth++] = new OpenContainer { End = end, Start = length };
                    break;
                case CutList.Meta:
                    WriteMeta(labels, numbers, start, end, permitted, marks, version);
                    break;
            }
        }
        CloseContainers(body.Length);
        CopyTo(body.Length);
    }

    private void CopyTo(int end)
    {
        if (end <= at) return;
        Add(body[at..end]);
        at = end;
    }

    /// <summary>After a cut one comma is too many: the one that follows or, behind the last, the one before.</summary>
    private void Mend()
    {
        if (body[at] == ',') at++;
        else if (output[length - 1] == ',') length--;
    }

    private void CloseContainers(int next)
    {
        while (depth > 0 && open[depth - 1].End <= next)
        {
            var container = open[--depth];
            CopyTo(container.End - 1);
            if (output[length - 1] is not ((byte)'[' or (byte)'{')) continue;
            length = container.Start;
            at = container.End;
            Mend();
        }
    }

    /// <summary>Writes `meta` in definition order: the permitted parts of the stored one, the caller's version, the marks.</summary>
    private void WriteMeta(LabelReader labels, NumberReader numbers, int start, int end, long permitted, ViewMarks? marks,
        ViewVersion? version)
    {
        var parts = new MetaParts();
        var place = start;
        while (!numbers.IsAtEnd && numbers.Next() == CutList.MetaPart)
        {
            place += numbers.Next();
            var size = numbers.Next();
            var isPermitted = (labels.Mask(numbers.Next()) & ~permitted) == 0;
            var part = (MetaPart)numbers.Next();
            if (isPermitted) parts[(int)part] = (place, size);
        }
        if (end == start) Add(",\"meta\":{"u8);
        else Add("\"meta\":{"u8);
        var empty = length;
        AddValue("\"id\":"u8, parts[(int)MetaPart.Id]);
        AddArray("\"extension\":["u8, parts[(int)MetaPart.Extension], marks is null ? default : marks.Notice);
        if (version is { } shown)
        {
            AddText("\"versionId\":"u8, shown.Id);
            AddText("\"lastUpdated\":"u8, shown.LastUpdated);
        }
        else
        {
            AddValue("\"versionId\":"u8, parts[(int)MetaPart.VersionId]);
            AddValue("\"lastUpdated\":"u8, parts[(int)MetaPart.LastUpdated]);
        }
        AddValue(default, parts[(int)MetaPart.Source]);
        AddValue(default, parts[(int)MetaPart.Profile]);
        AddArray("\"security\":["u8, parts[(int)MetaPart.Security], marks is null ? default : ViewMarks.Redacted);
        AddArray("\"tag\":["u8, parts[(int)MetaPart.Tag], marks is null ? default : ViewMarks.Subsetted);
        at = end;
        if (length > empty)
        {
            output[length - 1] = (byte)'}'; // over the last comma
            return;
        }
        length -= end == start ? ",\"meta\":{"u8.Length : "\"meta\":{"u8.Length;
        if (end > start) Mend();
    }

    [System.Runtime.CompilerServices.InlineArray(8)]
    private struct MetaParts
    {
        private (int Start, int Length) first;
    }

    private void AddValue(ReadOnlySpan<byte> key, (int Start, int Length) span)
    {
        if (span.Length == 0) return;
        Add(key);
        Add(body.Slice(span.Start, span.Length));
        Add(","u8);
    }

    private void AddArray(ReadOnlySpan<byte> key, (int Start, int Length) span, ReadOnlySpan<byte> more)
    {
        if (span.Length == 0 && more.IsEmpty) return;
        Add(key);
        Add(body.Slice(span.Start, span.Length));
        if (span.Length > 0 && !more.IsEmpty) Add(","u8);
        Add(more);
        Add("],"u8);
    }

    /// <summary>Version ids and instants hold nothing that JSON escapes.</summary>
    private void AddText(ReadOnlySpan<byte> key, string text)
    {
        Add(key);
        Add("\""u8);
        Reserve(text.Length);
        length += System.Text.Encoding.ASCII.GetBytes(text, output.AsSpan(length));
        Add("\","u8);
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(output.AsSpan(length));
        length += bytes.Length;
    }

    private void Reserve(int more)
    {
        if (length + more <= output.Length) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(output.Length * 2, length + more));
        output.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(output);
        output = larger;
    }
}
