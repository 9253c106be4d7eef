using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Operations;

/// <summary>`{Type}/{id}/$explain`: for the caller's own view, category by category, which gate and rules decided, in plain words.
/// It speaks of caller, type and standing only, never of what this instance holds.</summary>
public static class Explain
{
    public static Answer Perform(Exchange asked)
    {
        if (asked.Target.Seen is not { } seen) return Answer.NotHere;
        asked.Work.Ledger.Shown(seen.Version, seen.Decision);
        return new Answer(AnswerKind.Ok) { Body = asked.Work.InForce.Explain(seen.Version.Type, seen.Decision) };
    }
}
