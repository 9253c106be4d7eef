using System.Text;

namespace FhirCarePlan.Storage.Reading;

/// <summary>A party's ties to one person, to tell which ties it can have towards resources about them: a resource is opened by ties that
/// count for every holder, for its own holder, and for it alone.</summary>
internal sealed class StandingTies
{
    private readonly record struct Tie(string? Regard, long Kind, long Since, long Until);

    private readonly List<Tie> ties = [];

    public void Clear() => ties.Clear();

    public void Add(ReadOnlySpan<byte> regard, long kind, long since, long until) =>
        ties.Add(new(regard.SequenceEqual("*"u8) ? null : Encoding.UTF8.GetString(regard), kind, since, until));

    public IEnumerable<long> Boundaries => ties.Select(t => t.Since).Concat(ties.Select(t => t.Until)).Distinct();

    public void AddAt(long time, int consentClass, long besides, HashSet<Standing> standings)
    {
        var everywhere = besides;
        Dictionary<string, long>? others = null;
        foreach (var tie in ties)
        {
            if (time < tie.Since || time >= tie.Until) continue;
            if (tie.Regard is null) everywhere |= tie.Kind;
            else (others ??= [])[tie.Regard] = others.GetValueOrDefault(tie.Regard) | tie.Kind;
        }
        standings.Add(new(consentClass, everywhere));
        if (others is null) return;
        foreach (var (regard, kinds) in others)
        {
            standings.Add(new(consentClass, everywhere | kinds));
            if (!regard.Contains('/')) continue;
            foreach (var (holder, of) in others)
                if (!holder.Contains('/')) standings.Add(new(consentClass, everywhere | kinds | of));
        }
    }
}
