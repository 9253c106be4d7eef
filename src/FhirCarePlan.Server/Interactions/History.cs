using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Interactions;

/// <summary>The versions of one resource, newest first; for a partial view only the current one (src/docs/sharing.md#versions-and-time).
/// https://hl7.org/fhir/R4/http.html#history</summary>
public static class History
{
    /// <param name="Version">Without its content.</param>
    /// <param name="Current">The current version in a partial view; null where the version is read for itself.</param>
    private sealed record Item(StoredVersion Version, bool IsCreation, Seen? Current = null);

    public static Answer Perform(Exchange asked)
    {
        var (work, request) = (asked.Work, asked.Request);
        if (asked.Target.Seen is not { } seen) return Answer.NotHere;
        if (HistoryAsked.Read(work, request, out var refusal) is not { } wanted) return refusal!;
        var all = work.Sight.IsWhole(seen) ? Whole(work, request, wanted) : Partial(work, seen, wanted);
        // The page before ended with this version; newer ones do not move what comes behind it.
        var start = wanted.Page is not { } last ? 0 : all.FindIndex(v => v.Version.VersionId == last) is >= 0 and var at ? at + 1 : all.Count;
        var page = all.Skip(start).Take(wanted.Count).ToList();
        var hasMore = wanted.Count > 0 && start + page.Count < all.Count;
        var bundle = new BundleWriter("history");
        bundle.Total(all.Count);
        wanted.Links(bundle, work, request, hasMore ? page[^1].Version.VersionId : null);
        foreach (var item in page)
        {
            var found = item.Current ?? work.Sight.See(work.Version(request.Type, request.Id, item.Version.VersionId))!;
            Write(bundle, work, request, found, item.Version, item.IsCreation, wanted.Part);
            if (bundle.Length > work.Engine.Limits.Answer) return Answer.TooCostly(work.Engine.Limits.Answer);
        }
        return new Answer(AnswerKind.Ok) { Body = bundle.Done() };
    }

    private static List<Item> Whole(Work work, FhirRequest request, HistoryAsked wanted)
    {
        var versions = work.Heads(request.Type, request.Id).Where(v => work.Sight.See(v) is { } seen && work.Sight.IsWhole(seen)).ToList();
        var items = new List<Item>();
        for (var i = 0; i < versions.Count; i++)
            // The first version created the resource; so did a version after a deletion.
            if (wanted.Wants(versions[i].LastUpdated, i == 0 ? null : versions[i - 1].LastUpdated))
                items.Add(new(versions[i], i == versions.Count - 1 || versions[i + 1].IsDeleted));
        return items;
    }

    private static List<Item> Partial(Work work, Seen seen, HistoryAsked wanted)
    {
        var shown = work.Sight.Shown(seen);
        if (!wanted.Wants(shown.LastUpdated, null)) return [];
        // Under the method of the version that this caller sees: that of a later, hidden change would tell of it.
        var version = work.Version(seen.Version.Type, seen.Version.Id, shown.VersionId) ?? seen.Version;
        return [new(version, false, seen)];
    }

    /// <param name="version">Its id and time as the caller sees them.</param>
    internal static void Write(BundleWriter bundle, Work work, FhirRequest request, Seen seen, StoredVersion version, bool isCreation, PartAsked? part)
    {
        var (type, id, method) = (version.Type, version.Id, version.Method);
        var isDamaged = seen.Version.DamagedRow != null;
        var content = version.IsDeleted && !isDamaged ? default(ReadOnlyMemory<byte>) : work.Show(seen, new(version.VersionId, version.LastUpdated), part);
        bundle.Entry($"{request.BaseUrl}/{type}/{id}",
            isDamaged ? default : content,
            method: method,
            url: method == "POST" ? type : $"{type}/{id}",
            status: isDamaged ? "500" : version.IsDeleted ? "204" : isCreation || method == "POST" ? "201" : "200",
            etag: HttpStatus.ETag(version.VersionId),
            lastModified: version.LastUpdated,
            outcome: isDamaged ? content : default);
    }
}
