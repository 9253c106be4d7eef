using FhirCarePlan.Sharing.Writing;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Units;

/// <summary>The change of a unit of work as far as its own questions may see it: what it writes and whatever narrows; what would widen
/// somebody's view counts from the next request on, save for a person whom the unit itself creates (sharing.md §12.9).</summary>
internal static class Inside
{
    public static Change Build(Work work) => work.Build(staged => Narrowed(work, staged));

    private static Effects Narrowed(Work work, Staged staged)
    {
        var effects = staged.Effects;
        if (!effects.IsWidening || work.Staging.Founds(effects.Person)) return effects;
        return new Effects
        {
            Person = effects.Person,
            IsNewPerson = effects.IsNewPerson,
            Identity = effects.Identity,
            Ties = effects.Ties is { } ties ? Standing(work, staged, ties) : null,
            KeptLabels = effects.KeptLabels,
            IsWidening = true,
        };
    }

    /// <summary>Of these relationships those that were there before.</summary>
    private static List<Tie> Standing(Work work, Staged staged, IReadOnlyList<Tie> ties)
    {
        var before = work.Snapshot.RelationshipsByCause($"{staged.Version.Type}/{staged.Version.Id}");
        return [.. ties.Where(t => before.Any(b => b.Person == t.Person && b.Party == t.Party && (b.Kind & t.Kind) == t.Kind && b.Actor == t.Actor))];
    }
}
