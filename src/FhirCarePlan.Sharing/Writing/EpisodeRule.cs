using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Writing;

/// <summary>An active episode gives the managing party its relationship, so it needs `register`, or `enrol` for the first episode of a
/// person nobody holds yet. https://hl7.org/fhir/R4/episodeofcare.html; sharing.md §12.3, §12.4</summary>
public sealed class EpisodeRule(Protocol protocol, TimeZoneInfo zone)
{
    private const long Held = Relation.Episode | Relation.Enrolled | Relation.CareTeam;

    public Refusal? Judge(Write write, long kinds, IWorld world, List<Issue> issues, Effects effects)
    {
        var canRegister = protocol.HasRight(write.Caller, Rights.Register, kinds);
        var canEnrol = protocol.HasRight(write.Caller, Rights.Enrol, kinds);
        if (!canRegister && !canEnrol) return Rights.Lacking(protocol, write.Caller, Rights.Register);
        if (write.Person is not { } person) return null;

        var heldByOthers = world.Ties(person).Any(t => t.Cause != write.Reference && (t.Kind & Held) != 0 && t.Holds(world.Now) && t.Party != write.Caller.Party);
        // A seat in somebody else's team is no hold of one's own: it opens no episode.
        var heldByUs = world.Ties(person).Any(t => (t.Kind & (Relation.Episode | Relation.Enrolled)) != 0 && t.Holds(world.Now) && t.Party == write.Caller.Party);
        var mayOpen = heldByUs || !heldByOthers;
        if (write.Old is null && !mayOpen)
            return new Refusal("right:enrol", "The person is held by another party already; it transfers the episode, you cannot open one for yourself. Ask the party that co-ordinates the care.");
        effects.Ties = [];
        if (write.New?.Root is not { } episode || episode.TextOf("status") is not ("active" or "onhold" or "planned" or "waitlist")) return null;
        var manager = Reference.Of(episode["managingOrganization"]).Local;
        if (manager is null || protocol.PartyOfOrganization(manager) is not { } party) return null;
        if (!Periods.TryRead(episode["period"], zone, out var from, out var to)) return null;
        var standing = world.Standing(write, person, party.Id, Relation.Episode);
        // For the own party only the first episode of somebody whom nobody holds makes a relationship: that is what `enrol` is for.
        if (standing != null || mayOpen && (party.Id != write.Caller.Party || heldByUs || canEnrol))
            effects.Ties = [new Tie(person, party.Id, Relation.Episode, null, standing?.From ?? (from < world.Now ? from.Value : world.Now), to, write.Reference)];
        effects.IsWidening |= effects.Ties.Count > 0;
        return null;
    }
}
