using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Interactions;

/// <summary>The version addressed, as the caller sees it: the current one, or one by its version id.
/// https://hl7.org/fhir/R4/http.html#read, https://hl7.org/fhir/R4/http.html#vread</summary>
public static class Read
{
    // No 304: the version id is the same for everyone while views differ, so an equal tag does not prove an equal view
    // (src/docs/sharing.md#versions-and-time).
    public static Answer Perform(Exchange asked)
    {
        if (PartAsked.Of(asked.Request.Query, out var part, asked.Request.IsLenient) is { } refusal) return refusal;
        if (asked.Target.Own is { } own) return part is null ? own : own with { Body = part.Of(own.Body) };
        return asked.Work.Show(asked.Seen, part);
    }
}
