using FhirCarePlan.Sharing.Ties;
using FhirCarePlan.Sharing.Writing;

namespace FhirCarePlan.Sharing.Tests.Ties;

/// <summary>Whose data a party's ties open, at one moment, by looking for a chain of vouchers: slow, and read straight from
/// src/docs/sharing.md#ties.</summary>
internal sealed class NaiveBacking(Protocol protocol, PersonFacts person, IReadOnlyList<PersonFacts> sameNumber, DateTimeOffset now)
{
    private sealed record Said(Tie Tie, PersonFacts About, bool IsHere);

    private IEnumerable<Said> Everything =>
        Standing(person).Select(t => new Said(t, person, true)).Concat(sameNumber.Where(o => o.Patients.Any(p => p.IsOfNumber))
        .SelectMany(o => Standing(o)
            .Concat(o.Patients.Select(p => new Tie("", "people", Relation.Self, $"Patient/{p.Id}", DateTimeOffset.MinValue, null, "", "*")))
            .Select(t => new Said(t, o, false))));

    private IEnumerable<Tie> Standing(PersonFacts of) =>
        of.Ties.Where(t => t.Holds(now) && t.Kind < Relation.ReferralPending
        && (t.Answers is null || of.Ties.Any(a => a.Cause == t.Answers && a.Party == t.Party)));

    /// <summary>Kinds with which a party (or one actor of it) stands towards what a holder keeps of the person.</summary>
    public long Kinds(string party, string? actor, string holder)
    {
        var kinds = 0L;
        foreach (var said in Everything.Where(s => s.Tie.Party == party && s.Tie.Actor == actor))
        {
            if (said.IsHere && party == holder) kinds |= said.Tie.Kind;
            if (Rank(said, holder, []) is { } rank) kinds |= Relations.Narrowed(said.Tie.Kind, rank);
        }
        return kinds;
    }

    /// <summary>How far the tie is backed with regard to the holder: the widest of all chains; null for not at all.</summary>
    private int? Rank(Said said, string holder, IReadOnlyList<Said> path)
    {
        int? best = null;
        foreach (var voucher in Vouchers(said))
        {
            if (Vouch(voucher, holder, path) is not { } behind) continue;
            if (!said.IsHere)
            {
                var joins = said.About.Patients.Where(p => p.IsOfNumber).Select(p => p.IsConfirmed ? 0 : Vouch(p.Holder, holder, path))
                    .Min();
                if (joins is not { } joined) continue;
                behind = Math.Max(behind, joined);
            }
            best = Math.Min(best ?? 9, behind);
        }
        return best;
    }

    private int? Vouch(string voucher, string holder, IReadOnlyList<Said> path)
    {
        var keepers = person.Patients.Select(p => p.Holder).Distinct().ToList();
        // What others contribute to the only keeper's record is in the keeper's hands.
        if (voucher == "*" || voucher == holder || keepers.Count == 1 && voucher == keepers[0]) return 0;
        if (protocol.Party(voucher) is not { Status: PartyStatus.Joined } || IsRefused(voucher)) return null;
        int? best = null;
        foreach (var own in Everything.Where(s => s.Tie.Party == voucher && s.Tie.Actor is null && (s.Tie.Kind & Relation.Working) != 0
            && !path.Contains(s)))
            if (Rank(own, holder, [.. path, own]) is { } rank)
                best = Math.Min(best ?? 9,
                Math.Max(rank,
                own.Tie.Kind switch { Relation.TeamPlan => 1, Relation.TeamCrisisOnly => 2, Relation.TeamOwnTask => 3, _ => 0 }));
        return best;
    }

    private IEnumerable<string> Vouchers(Said said)
    {
        yield return said.Tie.Asserter;
        foreach (var facts in said.About.Consents.Select(ConsentFacts.Parse))
            if (facts is { IsSharing: true, IsPermit: true, GivesConsent: true, Recorder.WithRight: true }
                && facts.Protocols.Any(protocol.IsCited) && !(facts.From > now) && !(facts.To <= now)
                && facts.Criteria.To!.Any(to => to == said.Tie.Actor || protocol.PartyOfOrganization(to)?.Id == said.Tie.Party))
            {
                var voucher = facts.Recorder.ByPerson || facts.Recorder.Party == "people" ? "*" : facts.Recorder.Party;
                if (voucher != said.Tie.Party) yield return voucher;
            }
    }

    private bool IsRefused(string party) =>
        person.Consents.Concat(person.Refusals).Select(ConsentFacts.Parse).SelectMany(f => f.At(now)).Any(s =>
        !s.IsPermit && s.Scope.All(c => c.Data is null && (c.To is null || c.To.Any(to => protocol.PartyOfOrganization(to)?.Id == party)))
        && !s.Except.Any(e => e.Data is null && e.To?.Any(to => protocol.PartyOfOrganization(to)?.Id == party) == true));
}
