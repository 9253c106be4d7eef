using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Sharing.Labelling;
using FhirCarePlan.Sharing.Writing;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Interactions;

/// <summary>The steps that create and update share, in their order: meaning, right, effects, profile, canonical form, labels and index
/// rows.</summary>
public static class Store
{
    /// <param name="current">The resource under this id, deleted or not; null for none.</param>
    public static Answer Perform(Exchange asked, string action, string id, StoredVersion? current)
    {
        // What judges, labels, indexes and cares knows one form of reference only.
        var (work, request, sent) = (asked.Work, asked.Request, KeptReferences.Of(asked.Work, asked.Sent!));
        if (Conformance.Clash(work, sent.Root, id) is { } known) return known;

        var report = new Report();
        var old = current is { IsDeleted: false } ? work.Reading.KnownOf(current) : null;
        var person = old is null ? PersonOf(work, sent.Root) : current!.Person;
        var kinds = person is null ? 0 : work.Sight.Kinds(person);
        var kept = request.Type == "CareTeam" ? Joining.Apply(work, id, sent, old, person, report) : sent;
        var verdict = work.InForce.Writing.Judge(new Write(work.Caller, action, request.Type, id, kept, old, person), kinds, work.World);
        if (verdict.Refusal is { } refusal) return Refusals.Forbidden(refusal);
        foreach (var issue in verdict.Issues) report.Add(issue);
        var found = report.Issues.Count;
        var profiles = work.Engine.Validation.Check(sent, report, work.InForce.Protocol.KindOf(current?.Holder ?? work.Caller.Party),
            old?.Document.Root ?? default, StoredForms.Of(work, sent.Root), work.Codes is { } codes ? codes.Contains : null);
        if (!request.IsTrial) work.Engine.Opinions?.Ask(sent, profiles, report.Issues.Skip(found).Where(i => i.Key != Core.Validation.DidYouMean));
        if (!report.HasErrors) Conformance.Check(work, sent.Root, report);
        if (report.HasErrors) return Answer.Invalid(report.Issues);
        return Stage(work, request, action, id, current, old, (sent, kept), verdict.Effects) with { Notes = report.Issues };
    }

    /// <param name="documents">The document as sent, on which issues are placed, and as it will be stored.</param>
    private static Answer Stage(Work work, FhirRequest request, string action, string id, StoredVersion? current, Known? old, (Document Sent, Document Kept) documents, Effects effects)
    {
        var document = documents.Kept;
        var versionId = RandomId.Next();
        var lastUpdated = After(current, work.Now);
        var meta = Meta.Of(document.Root, versionId, lastUpdated, effects.KeptLabels);
        var body = CanonicalJson.Write(document, new WriteOptions { Id = id, Meta = meta, IsHeld = work.Staging.IsLarge });
        // Labels and index rows come from the stored form: from the rewritten `meta`, not the sent one.
        if (effects.KeptLabels.Count > 0 || Marks.Any(document.Root)) document = work.Reading.Parse(body);
        var labelled = work.InForce.Label(work.Labels.Of, document, body, meta, old is null ? null : (old.Document, work.InForce.Label(work.Labels.Of, old.Document)));
        var isNew = current is null or { IsDeleted: true };
        var write = Relabelled.ToWrite(work.Engine, document, labelled, new StoredVersion
        {
            Type = request.Type,
            Id = id,
            VersionId = versionId,
            LastUpdated = lastUpdated,
            Holder = current?.Holder ?? work.Caller.Party!,
            Person = effects.Person,
            Body = body,
            Labels = [],
            RootMask = 0,
            ChangeMask = 0,
            ContentDate = null,
            Method = isNew && request.Interaction.Level == Level.Type ? "POST" : "PUT",
        }, current?.VersionId);
        var before = old ?? (current is null ? null : work.Reading.KnownBeforeDeletion(current));
        var decision = work.Sight.Agreed(write.Version, effects.IsNewPerson ? null : effects.Person);
        // Once it is hidden from its writer, nobody could mend it.
        if ((write.Version.RootMask & ~decision.Permitted) != 0) return HiddenFromWriter(document.Root);
        if (!work.Sight.IsInScope(action, write.Version, decision)) return ScopeDoor.Insufficient(work.Caller, action, request.Type);
        work.Staging.Write(new Staged(write, effects, documents.Sent, before));

        work.Ledger.Written(write.Version, decision, effects.IsWidening);
        return new Answer(isNew ? AnswerKind.Created : AnswerKind.Ok)
        {
            VersionId = versionId,
            LastModified = lastUpdated,
            Location = $"{request.Type}/{id}/_history/{versionId}",
            // The writer's own words, as far as the writer may read them; the ledger has them as written.
            Body = request.Return == Return.Representation && work.Sight.IsInScope("read", write.Version, decision) ? work.InForce.View(write.Version, decision, new Shown(versionId, lastUpdated), null) : default,
        };
    }

    private static Answer HiddenFromWriter(Node resource) => Answer.Invalid([new Issue(IssueSeverity.Error, IssueType.BusinessRule, resource.Location,
        "This would be hidden from you yourself: a security label, or a reference to an AuditEvent, stands where it labels the whole resource. Leave it out")
    { Key = "hidden-from-writer" }]);

    /// <summary>Times of one resource's versions always rise, even if the clock does not.</summary>
    public static DateTimeOffset After(StoredVersion? current, DateTimeOffset now)
    {
        now = new DateTimeOffset(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
        return current is null || current.LastUpdated < now ? now : current.LastUpdated.AddMilliseconds(1);
    }

    private static string? PersonOf(Work work, Node resource)
    {
        if (resource.Type.Name == "Patient") return null; // PatientRule says
        // For a person outside the writer's view every rule answers as for an absent one (src/docs/sharing.md#leaks, 44).
        if (!work.World.MayKnow(PersonReference.Element(resource))) return null;
        return Reference.Of(PersonReference.Element(resource)) switch
        {
            ("Patient", { } id) => work.World.PersonOfPatient(id),
            ({ } type, { } id) when PersonReference.Followed(resource.Type.Name) != null => work.Current(type, id)?.Person,
            _ => null,
        };
    }
}
