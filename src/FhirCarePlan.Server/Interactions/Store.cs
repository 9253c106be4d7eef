using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Sharing.Labelling;
using FhirCarePlan.Sharing.Writing;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Interactions;

/// <summary>What create and update have in common, in its order: shape, right, meaning, effects, canonical form, labels and index rows.</summary>
public static class Store
{
    public static Answer Perform(Work work, FhirRequest request, string action, string id, StoredVersion? current)
    {
        var report = new Report();
        if (work.Parse(request.Body, report, request.BodyFormat) is not { } document) return Invalid(work, request, report.Issues);
        if (MayWrite(work, request, action) is { } forbidden) return forbidden;
        if (Mismatch(document.Root, request, action) is { } mismatch) return Invalid(work, request, [mismatch]);

        if (Conformance.Clash(work, document.Root, id) is { } known)
        {
            Trail.Other(work, request, false, reason: "known-definition");
            return known;
        }

        document = KeptReferences.Of(work, document);
        var old = current is { IsDeleted: false } ? work.KnownOf(current) : null;
        var person = old is null ? PersonOf(work, document.Root) : current!.Person;
        var kinds = person is null ? 0 : work.Sight.Kinds(person);
        var sent = document;
        if (request.Type == "CareTeam") document = CareRules.Joining.Apply(work, id, sent, old, person, report);
        var verdict = work.InForce.Writing.Judge(new Write(work.Caller, action, request.Type, id, document, old, person), kinds, work);
        if (verdict.Refusal is { } refusal) return Forbid(work, request, refusal);
        foreach (var issue in verdict.Issues) report.Add(issue);
        work.Engine.Validation.Check(sent, report);
        if (!report.HasErrors) Conformance.Check(work, sent.Root, report);
        if (report.HasErrors) return Invalid(work, request, report.Issues);
        return Stage(work, request, id, current, old, (sent, document), verdict.Effects) with { Notes = report.Issues };
    }

    /// <param name="documents">What was sent, where issues are placed, and what is stored of it.</param>
    private static Answer Stage(Work work, FhirRequest request, string id, StoredVersion? current, Known? old, (Document Sent, Document Kept) documents, Effects effects)
    {
        var document = documents.Kept;
        var versionId = RandomId.Next();
        var lastUpdated = After(current, work.Now);
        var meta = Meta.Of(document.Root, versionId, lastUpdated, effects.KeptLabels);
        var body = CanonicalJson.Write(document, new WriteOptions { Id = id, Meta = meta });
        // What is labelled and indexed is what is stored: where `meta` was rewritten, not what was sent.
        if (effects.KeptLabels.Count > 0 || Marks.Any(document.Root)) document = work.Parse(body, new Report()) ?? throw new InvalidOperationException("a canonical body does not parse");
        var labelled = work.InForce.Label(work, document, body, meta, old is null ? null : (old.Document, work.InForce.Label(work, old.Document)));
        var version = new StoredVersion
        {
            Type = request.Type,
            Id = id,
            VersionId = versionId,
            LastUpdated = lastUpdated,
            Holder = current?.Holder ?? work.Caller.Party!,
            Person = effects.Person,
            Body = body,
            Labels = labelled.Packed,
            RootMask = labelled.Labels.Root,
            ChangeMask = labelled.ChangeMask,
            Changes = labelled.Changes,
            ContentDate = null,
            Method = current is null or { IsDeleted: true } && request.Interaction == Interaction.Create ? "POST" : "PUT",
        };
        var before = old ?? (current is null ? null : work.KnownBeforeDeletion(current));
        work.Stage(ToWrite(work.Engine, document, labelled.Labels, version, current?.VersionId), effects, documents.Sent, before);

        var decision = work.Sight.Decide("read", version.Type, version.Holder, effects.IsNewPerson ? null : version.Person);
        Trail.Written(work, request, version, decision, effects.IsWidening);
        var isNew = current is null or { IsDeleted: true };
        var answer = Read.View(work, new Seen(version, decision));
        return answer with
        {
            Kind = isNew ? AnswerKind.Created : AnswerKind.Ok,
            VersionId = versionId,
            LastModified = lastUpdated,
            Location = $"{request.Type}/{id}/_history/{versionId}",
            Body = request.Return switch
            {
                Return.Representation => answer.Body,
                _ => default,
            },
        };
    }

    public static VersionToWrite ToWrite(Engine engine, Document document, Labels labels, StoredVersion version, string? replaces) =>
        new(version, Index(engine, document, labels)) { Replaces = replaces, References = labels.References };

    private static IndexRow[] Index(Engine engine, Document document, Labels labels)
    {
        var entries = engine.Extractor.Extract(document);
        var masks = labels.ToArray();
        var rows = new IndexRow[entries.Count];
        for (var i = 0; i < rows.Length; i++) rows[i] = new IndexRow(entries[i], IndexExtractor.LabelOf(document, entries[i], masks));
        return rows;
    }

    /// <summary>May this caller do this to resources of this type at all? The answer depends on caller and type alone.</summary>
    public static Answer? MayWrite(Work work, FhirRequest request, string action) =>
        work.InForce.Writing.MayWrite(work.Caller, action, request.Type, work.Now) is { } refusal ? Forbid(work, request, refusal) : null;

    public static Answer Forbid(Work work, FhirRequest request, Refusal refusal)
    {
        Trail.Other(work, request, false, reason: refusal.Gate);
        return Answer.Refuse(AnswerKind.Forbidden, IssueType.Forbidden, refusal.Text, key: refusal.Gate);
    }

    public static Answer Invalid(Work work, FhirRequest request, IReadOnlyList<Issue> issues)
    {
        Trail.Other(work, request, false, reason: "invalid");
        return Answer.Invalid(issues);
    }

    /// <summary>Times of one resource's versions always rise, whatever the clock does.</summary>
    public static DateTimeOffset After(StoredVersion? current, DateTimeOffset now)
    {
        now = new DateTimeOffset(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
        return current is null || current.LastUpdated < now ? now : current.LastUpdated.AddMilliseconds(1);
    }

    private static Issue? Mismatch(Node resource, FhirRequest request, string action)
    {
        if (resource.Type.Name != request.Type)
            return new Issue(IssueSeverity.Error, IssueType.Invalid, resource.Location, $"The body is a `{resource.Type.Name}`, the address says `{request.Type}`") { Key = "type-mismatch" };
        if (request.Interaction == Interaction.Update && resource.TextOf("id") != request.Id)
            return new Issue(IssueSeverity.Error, IssueType.Invalid, $"{resource.Type.Name}.id", "The body's `id` must be the one in the address") { Key = "id-mismatch" };
        if (Marks.PartOf(resource) is { IsMissing: false } part)
            return new Issue(IssueSeverity.Error, IssueType.BusinessRule, part.Location, "This is a part of a resource (SUBSETTED); storing it would lose the rest. Read the whole resource and change that") { Key = "subsetted" };
        return action == "create" && request.Interaction == Interaction.Update && request.Id.Length is 0 or > 64
            ? new Issue(IssueSeverity.Error, IssueType.Value, $"{resource.Type.Name}.id", "An id has 1 to 64 characters") { Key = "format" } : null;
    }

    private static string? PersonOf(Work work, Node resource)
    {
        if (resource.Type.Name == "Patient") return null; // PatientRule says
        return Reference.Of(PersonReference.Element(resource)) switch
        {
            ("Patient", { } id) => work.PersonOfPatient(id),
            ({ } type, { } id) when resource.Type.Name == "Provenance" => work.Current(type, id)?.Person,
            _ => null,
        };
    }
}
