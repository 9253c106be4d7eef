using System.Buffers.Text;
using System.Globalization;
using System.Text;
using FhirCarePlan.Fhir.Search;
using SortKey = FhirCarePlan.Fhir.Search.SortKey;

namespace FhirCarePlan.Storage.Reading;

/// <summary>Where a page begins: behind the last hit of the page before, by its sort values and its id; or, backwards, before the first hit
/// of the page behind it.</summary>
/// <param name="Total">What the first page counted.</param>
/// <param name="Values">`long`, `double`, `byte[]` (UTF-8) or null, one for each sort key.</param>
/// <param name="IsCut">A text was too long for an address: behind its beginning only the id tells the place.</param>
internal sealed record Place(bool IsBackwards, int? Total, IReadOnlyList<object?> Values, byte[] Id, bool IsCut = false)
{
    private const int MostBytes = 600;

    public static Place Of(bool isBackwards, int? total, IReadOnlyList<object?> values, byte[] id)
    {
        var kept = values.Select(Cut).ToList();
        return new(isBackwards, total, kept, id, kept.Where((value, i) => !ReferenceEquals(value, values[i])).Any());
    }

    private static object? Cut(object? value)
    {
        if (value is not byte[] { Length: > MostBytes } text) return value;
        var end = MostBytes;
        while ((text[end] & 0xC0) == 0x80) end--; // not within a character
        return text[..end];
    }

    /// <summary>Null: it means nothing for this order, or it is the beginning.</summary>
    public static Place? Parse(string? text, IReadOnlyList<SortKey> sort)
    {
        if (text?.Split(';') is not [['>' or '<', ..], _, ..] parts || parts.Length != sort.Count + 2) return null;
        var values = parts[1..^1].Select(Value).ToList();
        var isCut = parts[0].EndsWith('~');
        int? total = int.TryParse(parts[0].AsSpan(1).TrimEnd('~'), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;
        return Value(parts[^1]) is byte[] id && !values.Contains(DBNull.Value) ? new(text[0] == '<', total, values, id, isCut) : null;
    }

    /// <summary>`>TOTAL;VALUE;VALUE;ID`.</summary>
    public override string ToString() =>
        $"{(IsBackwards ? '<' : '>')}{Total?.ToString(CultureInfo.InvariantCulture)}{(IsCut ? "~" : "")};"
        + $"{string.Concat(Values.Select(v => Text(v) + ";"))}{Text(Id)}";

    private static string Text(object? value) => value switch
    {
        long number => string.Create(CultureInfo.InvariantCulture, $"i{number}"),
        double number => string.Create(CultureInfo.InvariantCulture, $"d{number:R}"),
        byte[] text => $"t{Base64Url.EncodeToString(text)}",
        _ => "",
    };

    /// <returns>DBNull: not a value.</returns>
    private static object? Value(string text) => text switch
    {
        "" => null,
        ['i', .. var rest] when long.TryParse(rest, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        ['d', .. var rest] when double.TryParse(rest, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        ['t', .. var rest] when Base64Url.IsValid(rest) => Base64Url.DecodeFromChars(rest),
        _ => DBNull.Value,
    };

    /// <summary>How a hit stands to this place in the order of the search: negative before it, 0 at it, positive behind it.</summary>
    public int Compare(IReadOnlyList<object?> values, ReadOnlySpan<byte> id, IReadOnlyList<SortKey> sort)
    {
        for (var i = 0; i < Values.Count; i++)
        {
            var compared = (values[i], Values[i]) switch
            {
                (null, null) => 0,
                // Without a value comes last, whatever the direction.
                (null, _) => sort[i].Descending ? -1 : 1,
                (_, null) => sort[i].Descending ? 1 : -1,
                (long a, long b) => a.CompareTo(b),
                (double a, double b) => a.CompareTo(b),
                (byte[] a, byte[] b) => a.AsSpan(0, IsCut ? Math.Min(a.Length, b.Length) : a.Length).SequenceCompareTo(b),
                _ => 0,
            };
            if (compared != 0) return sort[i].Descending ? -compared : compared;
        }
        if (IsCut && !id.SequenceEqual(Id)) return IsBackwards ? 1 : -1; // until it is met
        return id.SequenceCompareTo(Id);
    }

    /// <summary>The value of the first key that a search along an index begins with, and the id where the index is that of ids.</summary>
    public object? From(OrderPathStart start) => start switch
    {
        OrderPathStart.Id => Encoding.UTF8.GetString(Id),
        _ => Values[0] is byte[] text ? Encoding.UTF8.GetString(text) + (IsCut && start == OrderPathStart.Down ? "\U0010FFFF" : "") : Values[0],
    };
}

internal enum OrderPathStart { Id, Up, Down }
