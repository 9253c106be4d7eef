using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Writing;

/// <summary>A care team makes relationships, so only a party with `manage-team` that already has one with the person (or holds the
/// active episode) writes it. https://hl7.org/fhir/R4/careteam.html; src/docs/sharing.md#ties</summary>
public sealed class TeamRule(Protocol protocol, TimeZoneInfo zone)
{
    private const string Extension = "https://fhir.cpa.example/StructureDefinition/Extension-CPA-";
    private const long Standing = Relation.Working;

    public Refusal? Judge(Write write, long kinds, IWorld world, List<Issue> issues, Effects effects)
    {
        if (!protocol.HasRight(write.Caller, Rights.ManageTeam, kinds)) return Rights.Lacking(protocol, write.Caller, Rights.ManageTeam);
        if (protocol.IsSoleParty && (write.Person is null || (kinds & Standing) == 0)) return null;
        if (write.Person is null || (kinds & Standing) == 0)
            return new Refusal("G6", "Your party has no relationship with the person, so it may not keep a care team. Ask the party that holds the episode to add yours.");
        effects.Ties = write.New is { } document && document.Root.TextOf("status") == "active" ? Ties(write, document.Root, kinds, world, issues) : [];
        effects.IsWidening |= effects.Ties.Count > 0;
        return null;
    }

    private List<Tie> Ties(Write write, Node careTeam, long kinds, IWorld world, List<Issue> issues)
    {
        var ties = new List<Tie>();
        foreach (var participant in careTeam.All("participant"))
        {
            var member = participant["member"];
            if (Reference.Of(member) is not ({ } type, { } id)) continue;
            var tie = Member(write, participant, type, id, world, issues);
            if (tie != null && (tie.Party != write.Caller.Party || IsWithin(kinds, tie.Kind))) ties.Add(tie);
        }
        return ties;
    }

    private Tie? Member(Write write, Node participant, string type, string id, IWorld world, List<Issue> issues)
    {
        var related = type == "RelatedPerson" ? world.FindInView(write.Caller, type, id) ?? world.FindNew(type, id) : null;
        var party = type == "RelatedPerson" ? related?.Holder : protocol.PartyOf(participant["member"], world);
        CheckAgency(participant, type, id, world, issues);
        if (party is null || !IsAgreed(participant)) return null;
        var kind = type == "RelatedPerson" ? Relation.Carer : Kind(participant);
        if (kind == 0) return null;
        if (type == "RelatedPerson")
        {
            // A carer of somebody else is no carer of this person.
            if (related?.Person != write.Person) return null;
            party = protocol.PartyOfCarers?.Id ?? party;
        }
        // A period that cannot be read is none: the member has nothing.
        if (!Periods.TryRead(participant["period"], zone, out var from, out var to)) return null;
        var actor = type == "RelatedPerson" ? $"RelatedPerson/{id}" : null;
        return new Tie(write.Person!, party, kind, actor,
            from ?? world.Standing(write, write.Person!, party, kind, actor)?.From ?? world.Now, to, write.Reference, protocol.Asserter(write.Caller, party));
    }

    /// <summary>Colleagues get no more of a person than the party has already: the kinds of team run from full to own task.</summary>
    private static bool IsWithin(long kinds, long team) => (kinds & Standing & ~Relation.CareTeam) != 0 || (kinds & Relation.CareTeam & (team | (team - 1))) != 0;

    /// <summary>The agency stated must be the one that keeps the post (src/docs/sharing.md#who-is-who).</summary>
    private void CheckAgency(Node participant, string type, string id, IWorld world, List<Issue> issues)
    {
        if (Extended(participant, "Agency") is not { IsMissing: false } agency || type != "PractitionerRole") return;
        var stated = Reference.Of(agency["value"]).Local;
        var actual = world.Find(type, id) is { } role ? Reference.Of(role.Document.Root["organization"]).Local : null;
        if (stated == actual) return;
        issues.Add(new Issue(IssueSeverity.Error, IssueType.BusinessRule, agency.Location, "`agency` must be the organization of the member's PractitionerRole") { Key = "participant-agency" });
    }

    /// <summary>Pending or declined participation gives no relationship; saying nothing is not an agreement either.</summary>
    private static bool IsAgreed(Node participant)
    {
        var agreement = Extended(participant, "ParticipationAgreement");
        if (agreement.IsMissing) return false;
        foreach (var part in agreement.All("extension"))
            if (part.TextOf("url") == "status")
                foreach (var coding in part["value"].All("coding"))
                    return coding.TextOf("code") == "agreed";
        return false;
    }

    private static long Kind(Node participant)
    {
        var level = Extended(participant, "AccessLevel");
        foreach (var coding in level["value"].All("coding"))
            return coding.TextOf("code") switch
            {
                "full" => Relation.TeamFull,
                "plan" => Relation.TeamPlan,
                "crisis-only" => Relation.TeamCrisisOnly,
                "own-task" => Relation.TeamOwnTask,
                _ => 0,
            };
        return level.IsMissing ? Relation.TeamPlan : 0;
    }

    private static Node Extended(Node node, string name)
    {
        foreach (var extension in node.All("extension"))
            if (extension.TextOf("url") == Extension + name) return extension;
        return Node.Missing;
    }
}
