using FhirCarePlan.Sharing.Writing;

namespace FhirCarePlan.Sharing.Ties;

/// <summary>Whose data a person's ties open (src/docs/sharing.md#ties). Pure; computed again for a person whenever a tie, a Consent or an
/// NHS number changes. <list type="bullet">
/// <item>Every Patient is a person of its own, and its holder keeps that person's record. Records that others write about this Patient
/// belong to the keeper's record: a tie that is backed with regard to the keeper is backed with regard to them. If a party holds a Patient
/// of its own, its records are open only with its own backing.</item>
/// <item>With regard to a holder, that holder vouches, and so does the law. A party with a backed tie vouches for the ties it asserts,
/// while its own lasts and with no wider access than its own. The person vouches for a permit of their own; the agency that recorded a
/// permit vouches for that one. A party that is suspended, has left or is refused by the person vouches for nobody with regard to
/// others.</item>
/// <item>Records with one verified number are one person as far as that is backed: a tie counts at the other record if both its asserter
/// and the holder of the Patient it was asserted about are vouched for there, with regard to the other record's keeper. Typing a number is
/// not enough.</item> </list> An override will be one more voucher, for its time.</summary>
public sealed class Backing(Protocol protocol)
{
    /// <param name="sameNumber">The other persons of the same verified number.</param>
    public IReadOnlyList<BackedTie> Of(PersonFacts person, IReadOnlyList<PersonFacts> sameNumber, DateTimeOffset now)
    {
        var facts = new TieFacts(protocol, person, sameNumber, now);
        var keepers = person.Patients.Select(p => p.Holder).Distinct().ToList();
        var spreads = keepers.ToDictionary(k => k, k => Spread.Of(facts, [k]));
        var backed = new List<BackedTie>();
        // Only older databases have persons with several keepers: there no party's word opens another keeper's part.
        if (keepers.Count != 1) Add(backed, facts, Spread.Of(facts, []), BackedTie.Everybody);
        foreach (var (keeper, spread) in spreads) Add(backed, facts, spread, keepers.Count == 1 ? BackedTie.Everybody : keeper);
        foreach (var holder in facts.Parties.Except(keepers))
            Add(backed, facts, Spread.Of(facts, keepers.Count == 1 ? [keepers[0], holder] : [holder]), holder);
        foreach (var tie in facts.Own)
            AddOne(backed, new BackedTie(tie.Party, tie.Kind, tie.Actor, tie.From, tie.To ?? DateTimeOffset.MaxValue, tie.Party));
        foreach (var tie in facts.Letters) AddLetter(backed, tie, person, spreads);
        return backed;
    }

    private static void Add(List<BackedTie> backed, TieFacts facts, Spread spread, string regard)
    {
        for (var i = 0; i < facts.All.Count; i++)
            foreach (var span in spread.Of(i))
                AddOne(backed,
                    new BackedTie(facts.All[i].Party, Relations.Narrowed(facts.All[i].Kind, span.Rank), facts.All[i].Actor, span.From,
                    span.Until, regard));
    }

    /// <summary>A request shows itself and whom it is about to whom it is addressed; an answer shows itself to who asked.</summary>
    private static void AddLetter(List<BackedTie> backed, Tie tie, PersonFacts person, Dictionary<string, Spread> spreads)
    {
        var until = tie.To ?? DateTimeOffset.MaxValue;
        AddOne(backed, new BackedTie(tie.Party, tie.Kind, null, tie.From, until, tie.Party));
        AddOne(backed, new BackedTie(tie.Party, tie.Kind, null, tie.From, until, tie.Cause));
        if (tie.Kind != Relation.ReferralPending) return;
        foreach (var patient in person.Patients)
            foreach (var span in spreads[patient.Holder].Vouching(tie.Asserter))
                if ((span & new Span(0, tie.From, until)) is { IsEmpty: false } both)
                    AddOne(backed, new BackedTie(tie.Party, tie.Kind, null, both.From, both.Until, $"Patient/{patient.Id}"));
    }

    private static void AddOne(List<BackedTie> backed, BackedTie tie)
    {
        foreach (var other in backed)
            if (other.Party == tie.Party && other.Kind == tie.Kind && other.Actor == tie.Actor
                && (other.Regard == tie.Regard || other.Regard == BackedTie.Everybody)
                && other.From <= tie.From && tie.To <= other.To) return;
        backed.Add(tie);
    }
}
