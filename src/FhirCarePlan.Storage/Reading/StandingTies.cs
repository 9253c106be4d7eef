using System.Text;

namespace FhirCarePlan.Storage.Reading;

/// <summary>A party's ties to one person, to tell which ties it can have towards resources about them: a resource is opened by ties that
/// count for every holder, for its own holder, and for it alone.</summary>
internal sealed class StandingTies
{
    private readonly Dictionary<string, long> others = new(StringComparer.Ordinal);
    private long everywhere;

    public void Clear()
    {
        others.Clear();
        everywhere = 0;
    }

    public void Add(ReadOnlySpan<byte> regard, long kind)
    {
        if (regard.SequenceEqual("*"u8)) everywhere |= kind;
        else if (Encoding.UTF8.GetString(regard) is var of) others[of] = others.GetValueOrDefault(of) | kind;
    }

    /// <param name="besides">Kinds the caller has in any case.</param>
    public IEnumerable<long> Possible(long besides)
    {
        var all = everywhere | besides;
        yield return all;
        foreach (var (regard, kinds) in others)
        {
            yield return all | kinds;
            if (!regard.Contains('/')) continue;
            foreach (var (holder, of) in others)
                if (!holder.Contains('/')) yield return all | kinds | of;
        }
    }
}
