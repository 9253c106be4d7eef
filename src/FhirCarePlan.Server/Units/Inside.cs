using FhirCarePlan.Sharing.Writing;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Units;

/// <summary>The part of a unit's change that its own questions may see: its writes, and everything that narrows. What widens a view counts
/// from the next request on, except for a person whom the unit itself creates (src/docs/sharing.md#transactions).</summary>
internal static class Inside
{
    public static Change Build(Work work)
    {
        var change = work.Build(staged => Narrowed(work, staged));
        return change with { Backings = [.. change.BackedPersons.SelectMany(person => Standing(work, person, change.Backings))] };
    }

    /// <summary>A Consent that permits something says nothing yet.</summary>
    private static Effects Narrowed(Work work, Staged staged)
    {
        var effects = staged.Effects;
        if (effects.Consent is null || !effects.IsWidening || work.Staging.Founds(effects.Person)) return effects;
        return new Effects
        {
            Person = effects.Person, IsNewPerson = effects.IsNewPerson, Identity = effects.Identity, Ties = effects.Ties,
            KeptLabels = effects.KeptLabels, IsWidening = true
        };
    }

    /// <summary>What counted before and counts still.</summary>
    private static IEnumerable<Backing> Standing(Work work, string person, IReadOnlyList<Backing> after)
    {
        var own = after.Where(a => a.Person == person).ToList();
        if (work.Staging.Founds(person)) return own;
        return work.Snapshot.Backings(person)
            .Where(b => own.Exists(a => (a.Party, a.Actor, a.Regard) == (b.Party, b.Actor, b.Regard) && (a.Kind & b.Kind) == b.Kind));
    }
}
