using System.Collections.Concurrent;
using FhirCarePlan.Sharing.Labelling;

namespace FhirCarePlan.Sharing.Views;

/// <summary>The marks of a partial view, made once for each mask and type.</summary>
public sealed class MarksTable(Protocol protocol, ProtocolBits bits, Labeller labeller)
{
    private readonly ConcurrentDictionary<(long Lacking, string Type), ViewMarks> known = [];

    /// <summary>Null for a caller who lacks nothing that the type can carry: they see such a resource whole or not at all.</summary>
    public ViewMarks? For(string type, long permitted)
    {
        var lacking = labeller.WholeView(type) & ~permitted;
        if (lacking == 0) return null;
        return known.TryGetValue((lacking, type), out var marks) ? marks : known.GetOrAdd((lacking, type), Make(lacking, type));
    }

    private ViewMarks Make(long lacking, string type)
    {
        var withheld = protocol.Categories.Where(c => (bits.Of(c.Id) & lacking) != 0).Select(c => c.Within ?? c.Id).Distinct().ToList();
        var what = withheld.Count > 0 ? "the categories named here" : "content with a confidentiality or sensitivity label that you are not cleared for";
        return new ViewMarks(withheld,
            $"{protocol.Title} ({protocol.Canonical}): for this purpose you are not shown {what}, whether or not this {type} has any.",
            $"{type}/[id]/$explain names the rules. Ask the organisation that holds the record, or your information governance lead.");
    }
}
