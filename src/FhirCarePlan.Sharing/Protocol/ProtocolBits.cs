namespace FhirCarePlan.Sharing;

/// <summary>The bit of each category and label of a protocol in a mask. The store numbers them: it gives each name a bit once and never
/// uses the bit again, so names of older protocols may have bits that no name here has.</summary>
public sealed class ProtocolBits
{
    public const int Limit = 62;
    public const string Restricted = "R", VeryRestricted = "V", UnknownLabel = "unknown-label";

    private readonly Dictionary<string, long> bits = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> parts = new(StringComparer.Ordinal);

    /// <summary>All names that need a bit: categories in order, `R`, `V`, sensitivities, `unknown-label`.</summary>
    public static IReadOnlyList<string> NamesOf(Protocol protocol) =>
        [.. protocol.Categories.Select(c => c.Id), Restricted, VeryRestricted, .. protocol.Sensitivities.Select(s => s.Code), UnknownLabel];

    /// <summary>Bits counted from 0 in the order of the names: for tests, linting, and wherever nothing is stored.</summary>
    public static ProtocolBits InOrder(Protocol protocol) =>
        new(protocol, NamesOf(protocol).Select((name, bit) => (name, bit)).ToDictionary(p => p.name, p => p.bit));

    /// <param name="numbers">Name → bit number, for at least all of NamesOf; each below 62.</param>
    public ProtocolBits(Protocol protocol, IReadOnlyDictionary<string, int> numbers)
    {
        foreach (var name in NamesOf(protocol))
        {
            var number = numbers[name];
            if (number is < 0 or >= Limit) throw new InvalidOperationException($"`{name}` has bit {number}; it must be 0 to {Limit - 1}");
            bits[name] = 1L << number;
        }
        foreach (var category in protocol.Categories)
        {
            Categories |= bits[category.Id];
            parts[category.Id] = parts.GetValueOrDefault(category.Id) | bits[category.Id];
            if (category.Within is { } within) parts[within] = parts.GetValueOrDefault(within) | bits[category.Id];
        }
        foreach (var sensitivity in protocol.Sensitivities) Sensitivities |= bits[sensitivity.Code];
        R = bits[Restricted];
        V = bits[VeryRestricted];
        Unknown = bits[UnknownLabel];
        Other = bits.GetValueOrDefault(Category.Other);
    }

    /// <summary>The bit of a category or label; 0 when the protocol has no such name.</summary>
    public long Of(string name) => bits.GetValueOrDefault(name);

    public long Of(IEnumerable<string> names)
    {
        var mask = 0L;
        foreach (var name in names) mask |= Of(name);
        return mask;
    }

    /// <summary>Categories together with those split from them.</summary>
    public long WithParts(IEnumerable<string> categories)
    {
        var mask = 0L;
        foreach (var category in categories) mask |= parts.GetValueOrDefault(category);
        return mask;
    }

    /// <summary>The names whose bits are set, in no promised order.</summary>
    public IEnumerable<string> NamesIn(long mask) => bits.Where(b => (b.Value & mask) != 0).Select(b => b.Key);

    public long Categories { get; }
    public long Sensitivities { get; }
    /// <summary>Confidentiality: a node labelled R carries R, one labelled V carries V; who dominates V holds both bits.</summary>
    public long R { get; }
    public long V { get; }
    /// <summary>Carried by a node with a label the protocol does not know.</summary>
    public long Unknown { get; }
    public long Other { get; }
    public long Labels => R | V | Sensitivities | Unknown;
    public long All => Categories | Labels;
}
