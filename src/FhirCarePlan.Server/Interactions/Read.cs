using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Server.Interactions;

/// <summary>The current version as the caller sees it. https://hl7.org/fhir/R4/http.html#read</summary>
public static class Read
{
    public static Answer Perform(Work work, FhirRequest request)
    {
        if (request.Type == "AuditEvent") return AuditEvents.Read(work, request);
        if (PartAsked.Of(request.Query, out var subset) is { } refusal) return refusal;
        if (work.Engine.Definitions.Catalogue.ById(request.Type, request.Id)?.Write() is { } definition)
        {
            // What the server works by is the same for every caller.
            Trail.Other(work, request, true);
            return new Answer(AnswerKind.Ok) { Body = subset is null ? definition : Sharing.Views.Subset.Write(definition, subset.Summary, subset.Elements) };
        }
        // A read in a transaction comes after its writes; whether it may see them is decided on the state before (sharing.md §12.9).
        var version = work.Current(request.Type, request.Id);
        if (work.Sight.See(version) is not { } seen)
            return Trail.Refused(work, request, version, NotHere.Answer(work));
        Trail.Permitted(work, request, seen);
        if (seen.Version.IsDeleted) return Gone;
        // No 304: the version id is the same for everyone while views differ, so an equal tag does not prove an equal view (sharing.md §7).
        return View(work, seen, subset);
    }

    public static Answer Gone { get; } = Answer.Refuse(AnswerKind.Gone, IssueType.Deleted, "This resource was deleted");

    /// <summary>The answer with a resource in it, as this caller sees it.</summary>
    public static Answer View(Work work, Seen seen, PartAsked? subset = null)
    {
        var shown = work.Sight.Shown(seen);
        return new Answer(AnswerKind.Ok)
        {
            Body = work.InForce.View(seen, shown, subset),
            VersionId = shown.VersionId,
            LastModified = shown.LastUpdated,
        };
    }
}
