using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server.Interactions;

/// <summary>A new version of a resource in the caller's view. An unknown id is the one 404, save for a party that may choose ids
/// (`clientIds`). https://hl7.org/fhir/R4/http.html#update</summary>
public static class Update
{
    public static Answer Perform(Work work, FhirRequest request)
    {
        if (AuditEvents.IsWrittenByServiceAlone(request.Type) is { } refusal) return refusal;
        if (Store.MayWrite(work, request, "update") is { } forbidden) return forbidden;
        var current = work.Current(request.Type, request.Id);
        if (current is null or { IsDeleted: true } && MayChooseIds(work.Caller, work.InForce.Protocol))
            return Store.Perform(work, request, "create", request.Id, current);
        if (work.Sight.See(current) is not { } seen) return Trail.Refused(work, request, current, NotHere.Answer(work));
        if (seen.Version.IsDeleted) return Read.Gone;
        return Preconditions.Check(work, request, seen) ?? Store.Perform(work, request, "update", request.Id, current);
    }

    private static bool MayChooseIds(Caller caller, Protocol protocol) =>
        caller.Issuer == SystemActor.Issuer || protocol.Party(caller.Party) is { ClientIds: true };
}
