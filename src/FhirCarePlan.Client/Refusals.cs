using Hl7.Fhir.Model;
using Hl7.Fhir.Rest;

namespace FhirCarePlan.Client;

/// <summary>Why a server refused, as ids that a program can act on.</summary>
public static class Refusals
{
    extension(FhirOperationException refusal)
    {
        /// <summary>The rules that were broken, such as `cpa-cp-4` or `required-binding`; empty when the server names none.</summary>
        public IReadOnlyList<string> Rules => [.. (refusal.Outcome?.Issue ?? [])
            .Where(i => i.Severity is OperationOutcome.IssueSeverity.Error or OperationOutcome.IssueSeverity.Fatal)
            .SelectMany(i => i.Details?.Coding ?? []).Where(c => c.System == Cpa.System("Rule")).Select(c => c.Code!).Distinct()];
    }
}
