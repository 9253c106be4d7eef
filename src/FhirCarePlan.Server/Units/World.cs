using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Sharing;
using FhirCarePlan.Sharing.Writing;

namespace FhirCarePlan.Server.Units;

/// <summary>What the write rules may look up: the committed state. Resources and persons of the same unit count as existing
/// (src/docs/sharing.md#transactions).</summary>
public sealed class World(Reading reading, Staging staging) : IWorld
{
    public DateTimeOffset Now => reading.Now;

    public Known? Find(string type, string id) => reading.KnownOf(reading.Snapshot.Find(type, id));

    /// <summary>A carer may come with the team: the same caller could write the team after the carer as well.</summary>
    public Known? FindNew(string type, string id) =>
        staging.Find(type, id) is { Before: null, Sent: { } sent } own
            ? new Known(type, id, own.Version.Holder, own.Effects.Person, sent) : null;

    /// <summary>Identity, unlike relationship, may come from the same unit: a plan may come with its patient.</summary>
    public string? PersonOfPatient(string patientId) =>
        staging.Find("Patient", patientId) is { } own ? own.Effects.Person : reading.Snapshot.PersonOfPatient(patientId);

    /// <summary>Includes the ties that founding a person gives: nobody holds anything yet of a person whom this unit creates.</summary>
    public IReadOnlyList<Tie> Ties(string person) =>
    [
        .. reading.Snapshot.Relationships(person)
            .Select(r => new Tie(r.Person, r.Party, r.Kind, r.Actor, r.From, r.To, r.Cause, r.Asserter, r.Answers)),
        .. staging.TiesOfNew(person),
    ];

    public bool IsInView(string type, string id) =>
        staging.Find(type, id) is { } own
            ? !own.Version.IsDeleted : reading.Sight.See(reading.Snapshot.Find(type, id)) is { Version.IsDeleted: false };

    /// <summary>The reference leads into the caller's view. A single organisation's server and the service's own actors may write about
    /// anybody.</summary>
    public bool MayKnow(Node reference) => reading.Engine.InForce.Protocol.IsSoleParty || reading.Sight.Caller.Issuer == SystemActor.Issuer
        || Reference.Of(reference) is not ({ } type, { } id) || IsInView(type, id);

    public string NewPerson() => RandomId.Next();
}
