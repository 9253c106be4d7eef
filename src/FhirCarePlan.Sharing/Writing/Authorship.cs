using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing.Labelling;

namespace FhirCarePlan.Sharing.Writing;

/// <summary>Nobody speaks in another's name (src/docs/sharing.md#whose-word-it-is). The author of a record is the caller or a colleague. So
/// is the one who said, sent or did what it is about, unless the agreement lets the caller put on record what others said and did
/// (`record-received`: a letter, a telephone call, a result).</summary>
public sealed class Authorship(Protocol protocol)
{
    public void Check(Write write, long kinds, Node resource, IWorld world, List<Issue> issues)
    {
        if (!protocol.IsSoleParty)
        {
            var before = write.Old is { } known ? Said(known.Document) : [];
            foreach (var (who, voice) in Voices.In(resource.Document))
                if (!IsOurs(write.Caller, who, voice, world) && (voice == Voice.Author || !before.Contains(Text(who))))
                    Judge(write, kinds, who, voice, world, issues);
        }
        if (resource.Type.Name == "Task" && write.Old?.Document.Root is { } old
            && old["requester"].TextOf("reference") != resource["requester"].TextOf("reference"))
            issues.Add(new Issue(IssueSeverity.Error, IssueType.BusinessRule, resource["requester"] is { IsMissing: false } now
                ? now.Location : resource.Location,
                "The requester of a Task never changes")
            { Key = "immutable-requester" });
    }

    private void Judge(Write write, long kinds, Node who, Voice voice, IWorld world, List<Issue> issues)
    {
        if (voice == Voice.Author)
        {
            Add("This must be you or a colleague of your party. Name others who took part in another element");
            return;
        }
        if (write.Caller.Issuer == SystemActor.Issuer) return;
        if (voice == Voice.Told && IsStaff(write.Caller) && IsPerson(who)) return;
        if (!protocol.HasRight(write.Caller, Rights.RecordReceived, kinds))
            Add("This must be you or a colleague of your party. To put on record what somebody else said or did needs the right "
                + $"`{Rights.RecordReceived}`, which these hold: {Rights.Holders(protocol, Rights.RecordReceived)}. Say in the text who told "
                + "you");
        else if (!IsOfThisPerson(write, who, world))
            Add("A Patient here must be the person whom the resource is about, and a RelatedPerson somebody related to that person");

        void Add(string text) =>
            issues.Add(new Issue(IssueSeverity.Error, IssueType.BusinessRule, who.Location, text) { Key = "authorship" });
    }

    private static bool IsStaff(Caller caller) => caller.Patient is null && caller.RelatedPerson is null;

    private static bool IsPerson(Node who) =>
        Reference.Of(who).Local is { } local && local == Reference.Of(PersonReference.Element(who.Document.Root)).Local;

    private static bool IsOfThisPerson(Write write, Node who, IWorld world) => Reference.Of(who) switch
    {
        ("Patient", { } id) => IsPerson(who) || write.Person is { } person && world.PersonOfPatient(id) == person,
        ("RelatedPerson", { } id) =>
            (world.FindInView(write.Caller, "RelatedPerson", id) ?? world.FindNew("RelatedPerson", id))?.Person is { } person
            && person == write.Person,
        _ => true,
    };

    private bool IsOurs(Caller caller, Node who, Voice voice, IWorld world)
    {
        if (Reference.Of(who) is not ({ } type, { } id))
            // A display alone names nobody, but readers take it for the sender.
            return voice == Voice.Author && who.TextOf("reference") is null && who["identifier"].IsMissing;
        var reference = $"{type}/{id}";
        if (reference == caller.PractitionerRole || reference == caller.Patient || reference == caller.RelatedPerson
            || reference == caller.Organization) return true;
        return type switch
        {
            "Organization" => protocol.Party(caller.Party)!.Organizations.Contains(reference),
            "PractitionerRole" or "Practitioner" => world.Find(type, id)?.Holder == caller.Party,
            "HealthcareService" or "CareTeam" or "Device" => voice != Voice.Author && world.Find(type, id)?.Holder == caller.Party,
            "Patient" or "RelatedPerson" => caller.Issuer == SystemActor.Issuer,
            _ => false,
        };
    }

    /// <summary>What the earlier version says already stays said, whoever said it.</summary>
    private static HashSet<string> Said(Document document) => [.. Voices.In(document).Select(v => Text(v.Who))];

    private static string Text(Node who) =>
        $"{who.Parent.Type.Name}.{who.Name} {Reference.Of(who).Local ?? who.TextOf("reference")} "
        + $"{who["identifier"].TextOf("value")} {who.TextOf("display")}";
}
