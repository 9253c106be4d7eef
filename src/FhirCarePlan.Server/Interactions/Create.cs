using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Interactions;

/// <summary>A new resource under an id of ours. https://hl7.org/fhir/R4/http.html#create</summary>
public static class Create
{
    public static Answer Perform(Exchange asked)
    {
        var request = asked.Request;
        if (request.IfNoneExist != null)
            return Answer.Refuse(AnswerKind.Malformed, IssueType.NotSupported, "Conditional create is not supported yet; search first",
                key: "if-none-exist");
        // A transaction has chosen the id already, so that its entries can refer to it.
        return Store.Perform(asked, "create", request.Id.Length > 0 ? request.Id : RandomId.Next(), null);
    }
}
