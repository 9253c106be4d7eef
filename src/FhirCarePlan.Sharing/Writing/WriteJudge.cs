using System.Collections.Concurrent;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing.Labelling;

namespace FhirCarePlan.Sharing.Writing;

/// <summary>Decides who may write what, and its effects: no caller may change the protocol, the person or the relationship for itself
/// (src/docs/sharing.md#writing). Pure: it asks the world and writes nothing.</summary>
public sealed class WriteJudge(Broker broker, TimeZoneInfo zone)
{
    private readonly Protocol protocol = broker.Protocol;
    private readonly ConcurrentDictionary<string, long> canCarry = new(StringComparer.Ordinal);
    private readonly AboutRule about = new(broker.Protocol);
    private readonly Authorship authorship = new(broker.Protocol);
    private readonly TeamRule team = new(broker.Protocol, zone);
    private readonly PatientRule patient = new(broker.Protocol);
    private readonly EpisodeRule episode = new(broker.Protocol, zone);
    private readonly ConsentRule consent = new(broker.Protocol, zone);
    private readonly ReferralRule referral = new(broker.Protocol);
    private readonly DirectoryRule directory = new(broker.Protocol);
    private readonly LabelRule labels = new(broker.Protocol);
    private readonly CodeRule codes = new(broker.Protocol);

    /// <summary>Before the body is read for its meaning: may this caller do this to resources of this type at all? If the relationship is
    /// left open, the answer depends on caller and type alone.</summary>
    public Refusal? MayWrite(Caller caller, string action, string type, DateTimeOffset now, long kinds = ~0L)
    {
        if (caller.Party is null) return new Refusal("G2", "Your organisation is not a party to the sharing protocol, so it cannot write here. Its owner can say how to join.");
        if (Withheld(caller, action, type, kinds, now) is { } reason)
            return new Refusal(reason.Gate, $"{char.ToUpperInvariant(caller.InRole[0])}{caller.InRole[1..]} may not {action} resources of this type {caller.ForPurpose}: they can carry the category `{reason.Category}`. "
                + $"{reason.Plain} Write a resource of a type that your party may write, or ask your governance lead.");
        if (action != "create" && !ClearsLabels(caller, type, kinds, now))
            return new Refusal("G9", $"{char.ToUpperInvariant(caller.InRole[0])}{caller.InRole[1..]} may not {action} resources of this type {caller.ForPurpose}: an element of one can bear a security label "
                + "that this role does not see past, and would be lost. Write a resource of your own, or have it done by a role with `clearance: all`.");
        if (Rights.For(type) is { } right && !protocol.HasRight(caller, right, kinds)) return Rights.Lacking(protocol, caller, right);
        return null;
    }

    /// <summary>The creator is the holder, and only the holder changes and deletes, so home rules decide writes: read and write for every
    /// category that content of the type can carry (src/docs/sharing.md#writing-from-a-view, src/docs/sharing.md#holder-and-actions).
    /// Labels that only a reference's target adds do not count, because the reference is the writer's own. The first missing category, or
    /// null.</summary>
    private CategoryReason? Withheld(Caller caller, string action, string type, long kinds, DateTimeOffset now)
    {
        var carried = canCarry.GetOrAdd(type, t => broker.Bits.Of(protocol.CategoriesOf(t)));
        foreach (var asked in (ReadOnlySpan<string>)[action, "read"])
        {
            var question = new Question(caller, asked, type, true, true, kinds, ConsentState.None);
            if ((carried & ~broker.Permitted(question, now)) != 0)
                return broker.Decide(question, now).Reasons.FirstOrDefault(r => !r.IsPermitted && (broker.Bits.Of(r.Category) & carried) != 0);
        }
        return null;
    }

    /// <summary>Labels can stand on any element of any type: nothing that the caller does not see may be lost.</summary>
    private bool ClearsLabels(Caller caller, string type, long kinds, DateTimeOffset now) =>
        (broker.Bits.Labels & ~broker.Permitted(new Question(caller, "read", type, true, true, kinds, ConsentState.None), now)) == 0;

    /// <param name="kinds">Relation bits between caller and person.</param>
    public Verdict Judge(Write write, long kinds, IWorld world)
    {
        var issues = new List<Issue>();
        var effects = new Effects { Person = write.Person };
        if (write.Old is { } old && old.Holder != write.Caller.Party)
            return Refused(new Refusal("holder", "Another party holds this resource, and only the holder may change it. Write a resource of your own instead."));
        if (!about.IsDecidable(write, world, issues)) return new Verdict(null, issues, effects);
        // Nothing is known here of a person outside the caller's view, whatever their tie (src/docs/sharing.md#leaks, 44).
        if (!MayKnow(write, world)) kinds = 0;
        if ((write.Type != "Patient" || write.Old != null) && MayWrite(write.Caller, write.Action, write.Type, world.Now, kinds) is { } towards) return Refused(towards);
        var refusal = AboutPerson(write, world, issues)
            ?? labels.Judge(write, effects)
            ?? write.Type switch
            {
                "CareTeam" => team.Judge(write, kinds, world, issues, effects),
                "Patient" => patient.Judge(write, world, issues, effects),
                "RelatedPerson" => patient.JudgeProxy(write, kinds),
                "EpisodeOfCare" => episode.Judge(write, kinds, world, issues, effects),
                "Consent" => consent.Judge(write, kinds, world, issues, effects),
                "Task" => referral.Judge(write, kinds, world, issues, effects),
                _ => directory.Judge(write, issues),
            };
        if (refusal != null) return Refused(refusal);
        if (write.New is { } document)
        {
            authorship.Check(write, kinds, document.Root, world, issues);
            codes.Check(write, document, issues);
        }
        return new Verdict(null, issues, effects);

        Verdict Refused(Refusal because) => new(because, [], new Effects());
    }

    private bool MayKnow(Write write, IWorld world) =>
        protocol.IsSoleParty || write.Caller.Issuer == SystemActor.Issuer || write.Type == "Patient"
        || Reference.Of(PersonReference.Element((write.New ?? write.Old!.Document).Root)) is not ({ } type, { } id) || world.IsInView(type, id);

    /// <summary>The person a resource is about never changes and must be in the caller's view; a single organisation may hold a resource
    /// before its person exists.</summary>
    private Refusal? AboutPerson(Write write, IWorld world, List<Issue> issues)
    {
        if (write.New?.Root is not { } root || write.Type == "Patient") return null;
        var about = PersonReference.Element(root);
        if (write.Old is { } old)
        {
            var before = PersonReference.Element(old.Document.Root);
            if (Text(before) != Text(about))
                issues.Add(new Issue(IssueSeverity.Error, IssueType.BusinessRule, about.IsMissing ? root.Location : about.Location,
                    "The person a resource is about never changes. Delete this resource and create another")
                { Key = "immutable-subject" });
            return null;
        }
        if (about.IsMissing || Reference.Of(about) is not ({ } type, { } id)) return null;
        if (!protocol.IsSoleParty && write.Caller.Issuer != SystemActor.Issuer && !world.IsInView(type, id))
            issues.Add(new Issue(IssueSeverity.Error, IssueType.NotFound, about.Location, "This reference leads to nothing in your view") { Key = "reference" });
        return null;

        static string? Text(Node node) => node.IsMissing ? null : Reference.Of(node).Local ?? node.TextOf("reference");
    }
}
