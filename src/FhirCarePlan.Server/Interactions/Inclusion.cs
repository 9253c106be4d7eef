using FhirCarePlan.Fhir.Definitions.Published;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Interactions;

/// <summary>Which types a search can bring along, or bring something along by: those kept as resources. Events of the ledger and the
/// definitions that the server works by are not in the store. The capability statement lists the same.
/// https://hl7.org/fhir/R4/search.html#include</summary>
public static class Inclusion
{
    public static bool IsOn(string type) => type != LedgerReading.Type && !Catalogue.Holds(type);

    /// <summary>Null when every type that an include names is served and kept as resources.</summary>
    public static Answer? Check(SearchQuery query, StoredTypes types)
    {
        if (query.Includes.Count + query.RevIncludes.Count == 0) return null;
        if (!IsOn(query.Type)) return Refuse($"`_include` and `_revinclude` do not apply to {query.Type}");
        foreach (var include in query.RevIncludes)
            if (!types.Serves(include.SourceType) || !IsOn(include.SourceType))
                return Refuse($"`_revinclude` from {include.SourceType}: {Why(include.SourceType, types)}");
        foreach (var include in query.Includes)
            if (!types.Serves(include.SourceType) || !IsOn(include.SourceType)) return Refuse($"`_include` of {include.SourceType}: {Why(include.SourceType, types)}");
        foreach (var include in query.RevIncludes)
            if (include.TargetType is { } target && !types.Serves(target)) return Refuse($"`_revinclude` to {target}: {Why(target, types)}");
        foreach (var include in query.Includes)
            if (include.TargetType is { } target && !types.Serves(target)) return Refuse($"`_include` to {target}: {Why(target, types)}");
        return null;
    }

    private static string Why(string type, StoredTypes types) =>
        types.Serves(type) ? "resources of this type are not stored, so they cannot be included or include others" : "this type is not served here";

    private static Answer Refuse(string text) => Answer.Refuse(AnswerKind.Malformed, IssueType.NotSupported, text, key: "_include");
}
