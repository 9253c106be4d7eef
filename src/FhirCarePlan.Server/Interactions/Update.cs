using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server.Interactions;

/// <summary>A new version of a resource in the caller's view. An unknown id is the one 404, except for a party that may choose ids
/// (`clientIds`). https://hl7.org/fhir/R4/http.html#update</summary>
public static class Update
{
    public static Answer Perform(Exchange asked)
    {
        var (request, current) = (asked.Request, asked.Target.Stored);
        if (current is null or { IsDeleted: true } && MayChooseIds(asked.Work.Caller, asked.Work.InForce.Protocol))
            return Store.Perform(asked, "create", request.Id, current);
        if (asked.Target.Seen is not { } seen) return Answer.NotHere;
        return seen.Version.IsDeleted ? Refusals.Gone : Store.Perform(asked, "update", request.Id, current);
    }

    private static bool MayChooseIds(Caller caller, Protocol protocol) =>
        caller.Issuer == SystemActor.Issuer || protocol.Party(caller.Party) is { ClientIds: true };
}
