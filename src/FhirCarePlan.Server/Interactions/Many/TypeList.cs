using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;

namespace FhirCarePlan.Server.Interactions.Many;

/// <summary>`_type=Condition,Observation`. https://hl7.org/fhir/R4/search.html#type</summary>
internal static class TypeList
{
    /// <summary>Null when each is one of those possible; they come in the order of these, each once.</summary>
    public static Answer? Read(string value, IReadOnlyList<string> possible, StoredTypes served, out IReadOnlyList<string> listed)
    {
        var named = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        listed = [.. possible.Where(named.Contains)];
        if (named.Length == 0) return Refuse("`_type` names no type");
        return named.FirstOrDefault(type => !possible.Contains(type)) is not { } other ? null
            : Refuse($"`_type`: `{(other.Length > 64 ? other[..64] : other)}` {(served.Serves(other) ? "is not searched here; ask for it by its own address" : "is not a type that this server serves")}; use some of {string.Join(", ", possible)}");
    }

    private static Answer Refuse(string text) => Answer.Refuse(AnswerKind.Malformed, IssueType.Invalid, text, key: "_type");
}
