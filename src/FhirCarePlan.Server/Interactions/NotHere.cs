using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Server.Interactions;

/// <summary>The one 404: the same for what is absent, hidden, or deleted and hidden. Its text is made of facts about the caller alone
/// (sharing.md §1.6).</summary>
public static class NotHere
{
    public static Answer Answer(Work work) => Server.Answer.Refuse(AnswerKind.NotFound, IssueType.NotFound, Text(work));

    private static string Text(Work work)
    {
        var caller = work.Caller;
        var party = work.InForce.Protocol.Party(caller.Party);
        if (party is null) return "There is nothing here for you: your organisation is not a party to the sharing protocol. Its owner can say how to join.";
        var purpose = work.InForce.Protocol.Purpose(caller.Purpose);
        return purpose is null
            ? $"There is nothing here for you: your token states no purpose that {party.Name} may use. Ask for a token with a purpose."
            : $"There is nothing here for you. You ask for {party.Name} in the role `{caller.Role}`, for the purpose `{caller.Purpose}` ({purpose.Plain}); what that may see is in the sharing protocol {work.InForce.Protocol.Canonical}. To ask for more, speak to the person's care co-ordinator or your governance lead.";
    }
}
