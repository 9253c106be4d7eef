using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Writing;

/// <summary>An active episode gives the managing party its relationship, so it needs `register`; a party that starts with a new person
/// needs `enrol`. https://hl7.org/fhir/R4/episodeofcare.html; src/docs/sharing.md#rights, src/docs/sharing.md#ties</summary>
public sealed class EpisodeRule(Protocol protocol, TimeZoneInfo zone)
{
    private const long Held = Relation.Episode | Relation.Enrolled;

    public Refusal? Judge(Write write, long kinds, IWorld world, List<Issue> issues, Effects effects)
    {
        var canRegister = protocol.HasRight(write.Caller, Rights.Register, kinds);
        var canEnrol = protocol.HasRight(write.Caller, Rights.Enrol, kinds);
        if (!canRegister && !canEnrol) return Rights.Lacking(protocol, write.Caller, Rights.Register);
        if (write.Person is not { } person) return null;

        effects.Ties = [];
        if (write.New?.Root is not { } episode || episode.TextOf("status") is not ("active" or "onhold" or "planned" or "waitlist"))
            return null;
        var manager = Reference.Of(episode["managingOrganization"]).Local;
        if (manager is null || protocol.PartyOfOrganization(manager) is not { } party) return null;
        if (!Periods.TryRead(episode["period"], zone, out var from, out var to)) return null;
        var standing = world.Standing(write, person, party.Id, Relation.Episode);
        // A party's own word opens only what it holds itself, so it makes no difference who else holds the person
        // (src/docs/sharing.md#leaks, 42).
        if (standing != null || party.Id != write.Caller.Party || canEnrol || (kinds & Held) != 0)
            effects.Ties =
                [new Tie(person, party.Id, Relation.Episode, null, standing?.From ?? (from < world.Now ? from.Value : world.Now), to,
                write.Reference, protocol.Asserter(write.Caller, party.Id))];
        effects.IsWidening |= effects.Ties.Count > 0;
        return null;
    }
}
