using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Server.Interactions;

/// <summary>A new resource under an id of ours. https://hl7.org/fhir/R4/http.html#create</summary>
public static class Create
{
    public static Answer Perform(Work work, FhirRequest request)
    {
        if (AuditEvents.IsWrittenByServiceAlone(request.Type) is { } refusal) return refusal;
        if (request.IfNoneExist != null)
            return Answer.Refuse(AnswerKind.Malformed, IssueType.NotSupported, "Conditional create is not supported yet; search first", key: "if-none-exist");
        // A transaction has chosen the id already, so that its entries can refer to it.
        return Store.Perform(work, request, "create", request.Id.Length > 0 ? request.Id : RandomId.Next(), null);
    }
}
