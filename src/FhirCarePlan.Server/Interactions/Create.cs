using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Interactions;

/// <summary>A new resource under an id of ours; with `If-None-Exist` only where nothing in the caller's view meets the criteria.
/// https://hl7.org/fhir/R4/http.html#create, https://hl7.org/fhir/R4/http.html#ccreate</summary>
public static class Create
{
    public static Answer Perform(Exchange asked)
    {
        var request = asked.Request;
        if (request.Existing is { } known) return Matched.Show(asked, known);
        if (request.IfNoneExist is { } text)
        {
            if (Criteria.Read(asked.Work, request.Type, text, out var unclear, key: "if-none-exist") is not { } criteria) return unclear!;
            switch (criteria.FindAndRely(asked.Work, out var closed))
            {
                case [] when closed != null: return closed;
                case [var only]: return Matched.Show(asked, only);
                case [_, ..]: return criteria.Several();
            }
        }
        // A transaction has chosen the id already, so that its entries can refer to it.
        return Store.Perform(asked, "create", request.Id.Length > 0 ? request.Id : RandomId.Next(), null);
    }
}
