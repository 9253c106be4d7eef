using FhirCarePlan.Server.Interactions;

namespace FhirCarePlan.Server.Operations;

/// <summary>`{Type}/{id}/$explain`: for the caller's own view, category by category, which gate and rules decided, in plain words.
/// It speaks of caller, type and standing only, never of what this instance holds.</summary>
public static class Explain
{
    public static Answer Perform(Work work, FhirRequest request)
    {
        var version = work.Snapshot.Find(request.Type, request.Id);
        if (work.Sight.See(version) is not { Version.IsDeleted: false } seen) return Trail.Refused(work, request, version, NotHere.Answer(work));
        Trail.Permitted(work, request, seen);
        return new Answer(AnswerKind.Ok) { Body = work.InForce.Explain(seen) };
    }
}
