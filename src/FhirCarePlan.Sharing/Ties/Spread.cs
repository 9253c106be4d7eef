namespace FhirCarePlan.Sharing.Ties;

/// <summary>How backing spreads from those who vouch by themselves: the least set of ties in which each has a voucher. Parties that only
/// vouch for each other are not in it.</summary>
internal sealed class Spread
{
    private readonly TieFacts facts;
    private readonly List<Span>[] backed;
    private readonly Dictionary<string, List<Span>> vouching = [];

    /// <param name="roots">The holders whose word counts by itself.</param>
    public static Spread Of(TieFacts facts, IReadOnlyList<string> roots) => new(facts, roots);

    private Spread(TieFacts facts, IReadOnlyList<string> roots)
    {
        this.facts = facts;
        backed = [.. facts.All.Select(_ => new List<Span>())];
        foreach (var root in roots.Append(BackedTie.Everybody)) vouching[root] = [Span.Always];
        while (Step()) { }
    }

    public IReadOnlyList<Span> Of(int tie) => backed[tie];

    public IReadOnlyList<Span> Vouching(string party) => vouching.GetValueOrDefault(party) ?? [];

    private bool Step()
    {
        var isMore = false;
        for (var tie = 0; tie < backed.Length; tie++)
            foreach (var need in facts.NeedsOf(tie))
                foreach (var span in Meets(need))
                    if (backed[tie].Join(span))
                    {
                        isMore = true;
                        if (facts.Vouches(tie))
                            Lend(facts.All[tie].Party, span with { Rank = Math.Max(span.Rank, Relations.RankOf(facts.All[tie].Kind)) });
                    }
        return isMore;
    }

    private List<Span> Meets(TieFacts.Need need)
    {
        var spans = new List<Span>();
        foreach (var behind in Vouching(need.Voucher))
        {
            var within = behind & need.Within;
            if (need.Joins is null) spans.Add(within);
            else
                foreach (var join in need.Joins)
                    foreach (var joined in Vouching(join)) spans.Add(within & joined);
        }
        return spans;
    }

    private void Lend(string party, Span span)
    {
        if (!vouching.TryGetValue(party, out var spans)) vouching[party] = spans = [];
        spans.Join(span);
    }
}
