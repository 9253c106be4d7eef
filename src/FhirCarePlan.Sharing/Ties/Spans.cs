namespace FhirCarePlan.Sharing.Ties;

/// <summary>How far, and when, a party stands behind something. `Rank` 0 is without limit, 1 to 3 are the narrower access levels of a care
/// team: a party passes on no more than it has.</summary>
internal readonly record struct Span(int Rank, DateTimeOffset From, DateTimeOffset Until)
{
    public static Span Always { get; } = new(0, DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

    public bool IsEmpty => From >= Until;
    public bool Covers(Span other) => Rank <= other.Rank && From <= other.From && other.Until <= Until;

    public static Span operator &(Span a, Span b) =>
        new(Math.Max(a.Rank, b.Rank), a.From > b.From ? a.From : b.From, a.Until < b.Until ? a.Until : b.Until);
}

internal static class Spans
{
    /// <summary>False when it adds nothing.</summary>
    public static bool Join(this List<Span> spans, Span span)
    {
        if (span.IsEmpty || spans.Exists(s => s.Covers(span))) return false;
        spans.RemoveAll(s => span.Covers(s));
        spans.Add(span);
        return true;
    }
}
