using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Http;

namespace FhirCarePlan.Server.Interactions;

/// <summary>The versions of one resource, newest first; for a partial view only the current one (sharing.md §7).
/// https://hl7.org/fhir/R4/http.html#history</summary>
public static class History
{
    public static Answer Perform(Work work, FhirRequest request)
    {
        if (request.Type == "AuditEvent") return NotHere.Answer(work);
        if (RequestReader.Unexpected(request.Query))
            return Answer.Refuse(AnswerKind.Malformed, IssueType.NotSupported, "History of one resource takes no parameters yet", key: "parameter");
        var current = work.Snapshot.Find(request.Type, request.Id);
        if (work.Sight.See(current) is not { } seen) return Trail.Refused(work, request, current, NotHere.Answer(work));
        Trail.Permitted(work, request, seen);
        var bundle = new BundleWriter("history");
        var versions = work.InForce.IsWhole(seen)
            ? work.Snapshot.History(request.Type, request.Id).Select(work.Sight.See).Where(v => v != null && work.InForce.IsWhole(v)).Select(v => v!).ToList()
            : [seen];
        bundle.Total(versions.Count);
        bundle.Link("self", $"{request.BaseUrl}/{request.Type}/{request.Id}/_history");
        foreach (var version in versions) Add(work, request, bundle, version);
        return new Answer(AnswerKind.Ok) { Body = bundle.Done() };
    }

    private static void Add(Work work, FhirRequest request, BundleWriter bundle, Seen seen)
    {
        var shown = work.Sight.Shown(seen);
        var isCreation = seen.Version.Method == "POST";
        bundle.Entry($"{request.BaseUrl}/{request.Type}/{request.Id}",
            seen.Version.IsDeleted ? default : work.InForce.View(seen, shown, null),
            method: seen.Version.Method,
            url: isCreation ? request.Type : $"{request.Type}/{request.Id}",
            status: seen.Version.IsDeleted ? "204" : isCreation ? "201" : "200",
            etag: Http.ResponseWriter.ETag(shown.VersionId),
            lastModified: shown.LastUpdated);
    }
}
