using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.SecondOpinion;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Opinions;

namespace FhirCarePlan.Server.Commands;

/// <summary>`validate --second-opinion`: what Firely's validator says of a resource, beside our verdict.</summary>
/// <param name="Ours">Rules that only we find broken.</param>
/// <param name="Theirs">Rules that only the other engine finds broken. Both are empty when the verdicts agree.</param>
internal sealed record SecondVerdict(bool IsValid, IReadOnlyList<string> Ours, IReadOnlyList<string> Theirs)
{
    public bool Agrees => Ours.Count + Theirs.Count == 0;
}

/// <summary>Judges one resource after the other; safe on one thread at a time.</summary>
internal sealed class SecondVerdicts(DefinitionSet definitions)
{
    private readonly FirelySecondJudge judge = new(definitions.Packages);

    /// <summary>Adds the second verdict. A source that is not a resource has none: its result stays as it is.</summary>
    public ValidateResult Of(ValidateResult result)
    {
        if (result.Judged is not var (json, profiles)) return result;
        var theirs = judge.Judge(json, profiles);
        // That content looks like a profile's is for our table to say.
        var difference = Difference.Between([.. result.Issues.Where(i => i.Key != Validation.DidYouMean)], theirs);
        return result with { Second = new(!theirs.Any(i => i.IsError), difference?.Ours ?? [], difference?.Theirs ?? []) };
    }
}
