using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Requests;

/// <summary>The one 404: the same for absent, for hidden, and for deleted and hidden. Its text states facts about the caller alone
/// (src/docs/sharing.md#markers-and-refusals).</summary>
public static class NotHere
{
    public static Answer Answer(Work work, Interaction asked) =>
        Answers.Answer.Refuse(AnswerKind.NotFound, IssueType.NotFound, Text(work) + (work.Caller.Scopes is null ? "" : ScopeDoor.Narrowed) + Hints.ForAbsent(work, asked));

    private static string Text(Work work)
    {
        var caller = work.Caller;
        var party = work.InForce.Protocol.Party(caller.Party);
        if (party is null) return "Not found. Your organisation is not a party to the sharing agreement, so it sees nothing here. The agreement's owner can say how to join.";
        if (work.Engine.Agreement.ToCaller(caller) is { } closed) return $"Not found. {closed}";
        var purpose = work.InForce.Protocol.Purpose(caller.Purpose);
        return purpose is null
            ? $"Not found. Your token states no purpose that {party.Name} may use. Ask for a token with a purpose."
            : $"Not found. You act for {party.Name} {(string.IsNullOrEmpty(caller.Role) ? "without a role" : $"in the role `{caller.Role}`")}, for the purpose `{caller.Purpose}` ({purpose.Plain}); the sharing agreement {work.InForce.Protocol.Canonical} says what you may see. To ask for more, speak to the person's care co-ordinator or your governance lead.";
    }
}
