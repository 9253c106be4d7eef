using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Interactions;

/// <summary>Whether a client that names the version it has, or the time it has it from, would be told nothing new. A version id is the same for
/// everybody while views differ, so it proves an equal view only where the view cannot have been another one since the version was written:
/// of what the caller's own party holds, seen whole, by rules that ask neither ties nor Consents, under the same agreement. All others
/// get the whole answer each time, whatever is hidden from them (src/docs/sharing.md#versions-and-time).
/// https://hl7.org/fhir/R4/http.html#cread, https://www.rfc-editor.org/rfc/rfc9110#section-13.1</summary>
internal static class Unchanged
{
    public static bool Is(Work work, FhirRequest request, Seen seen)
    {
        var version = seen.Version;
        // With If-None-Match the time does not count.
        return request.IfNoneMatch is { Length: > 0 } tags ? Preconditions.Names(tags, version.VersionId) && IsCertain(work, seen)
            : request.IfModifiedSince is { } since && IsCertain(work, seen) && IsFrom(work, seen, since);
    }

    private static bool IsCertain(Work work, Seen seen)
    {
        var version = seen.Version;
        if (version.Holder != work.Caller.Party || version.LastUpdated < work.Engine.ViewsSince || !work.Sight.IsWhole(seen)) return false;
        return version.Person is null || work.Sight.Basis("read", version.Type, isHome: true) is { AsksTies: false, AsksConsent: false };
    }

    /// <summary>`Last-Modified` knows whole seconds: one of several versions of a second could be any of them.</summary>
    private static bool IsFrom(Work work, Seen seen, DateTimeOffset since)
    {
        var version = seen.Version;
        if (version.LastUpdated <= since) return true;
        return Second(version.LastUpdated) == Second(since)
            && !work.Snapshot.Heads(version.Type, version.Id).Any(v => v.VersionId != version.VersionId && Second(v.LastUpdated) == Second(since));
    }

    private static long Second(DateTimeOffset time) => time.UtcTicks / TimeSpan.TicksPerSecond;
}
