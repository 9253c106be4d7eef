using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Interactions;

/// <summary>The version addressed, as the caller sees it: the current one, or one by its version id.
/// https://hl7.org/fhir/R4/http.html#read, https://hl7.org/fhir/R4/http.html#vread, https://hl7.org/fhir/R4/http.html#cread</summary>
public static class Read
{
    public static Answer Perform(Exchange asked)
    {
        if (PartAsked.Of(asked.Request.Query, out var part, asked.Request.IsLenient) is { } refusal) return refusal;
        if (asked.Target.Own is { } own) return part is null ? own : own with { Body = part.Of(own.Body) };
        var (work, seen) = (asked.Work, asked.Seen);
        if (part is not null || !Unchanged.Is(work, asked.Request, seen)) return part is null ? BinaryContent.Of(work, asked.Request, work.Show(seen)) : work.Show(seen, part);
        // As good as shown: the client goes on with what it has.
        work.Ledger.Shown(seen.Version, seen.Decision);
        return new Answer(AnswerKind.NotModified) { VersionId = seen.Version.VersionId, LastModified = seen.Version.LastUpdated };
    }
}
