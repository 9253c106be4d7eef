using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Interactions;

/// <summary>The versions of one resource, newest first; for a partial view only the current one (src/docs/sharing.md#versions-and-time).
/// https://hl7.org/fhir/R4/http.html#history</summary>
public static class History
{
    public static Answer Perform(Exchange asked)
    {
        var (work, request) = (asked.Work, asked.Request);
        if (asked.Target.Seen is not { } seen) return Answer.NotHere;
        var versions = work.Sight.IsWhole(seen)
            ? work.History(request.Type, request.Id).Select(work.Sight.See).OfType<Seen>().Where(work.Sight.IsWhole).ToList()
            : [seen];
        var bundle = new BundleWriter("history");
        bundle.Total(versions.Count);
        bundle.Link("self", $"{request.BaseUrl}/{request.Type}/{request.Id}/_history");
        for (var i = 0; i < versions.Count; i++)
        {
            // The first version created the resource; so did a version after a deletion.
            var isCreation = work.Sight.IsWhole(seen) && (i == versions.Count - 1 || versions[i + 1].Version.IsDeleted);
            Add(work, request, bundle, versions[i], isCreation);
            if (bundle.Length > work.Engine.Limits.Answer) return Answer.TooCostly(work.Engine.Limits.Answer);
        }
        return new Answer(AnswerKind.Ok) { Body = bundle.Done() };
    }

    private static void Add(Work work, FhirRequest request, BundleWriter bundle, Seen seen, bool isCreation)
    {
        var (version, shown) = (seen.Version, work.Sight.Shown(seen));
        var isDamaged = version.DamagedRow != null;
        var content = version.IsDeleted && !isDamaged ? default(ReadOnlyMemory<byte>) : work.Show(seen, shown);
        bundle.Entry($"{request.BaseUrl}/{request.Type}/{request.Id}",
            isDamaged ? default : content,
            method: version.Method,
            url: version.Method == "POST" ? request.Type : $"{request.Type}/{request.Id}",
            status: isDamaged ? "500" : version.IsDeleted ? "204" : isCreation || version.Method == "POST" ? "201" : "200",
            etag: HttpStatus.ETag(shown.VersionId),
            lastModified: shown.LastUpdated,
            outcome: isDamaged ? content : default);
    }
}
