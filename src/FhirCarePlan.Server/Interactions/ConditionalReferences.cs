using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Interactions;

/// <summary>Conditional references of a transaction. Each leads to the one resource in the caller's view that its search finds, including
/// resources that the transaction wrote. If it finds none or several, the transaction fails.
/// https://hl7.org/fhir/R4/http.html#trules</summary>
internal sealed class ConditionalReferences(Work work)
{
    private readonly Dictionary<string, string> found = new(StringComparer.Ordinal);

    /// <summary>`Patient?identifier=x` → `Patient/1`.</summary>
    public IReadOnlyDictionary<string, string> Found => found;

    /// <summary>Asks all that are not known yet, in one go.</summary>
    public Answer? Resolve(IEnumerable<ConditionalReference> references)
    {
        var asked = new List<(ConditionalReference Reference, Criteria Criteria)>();
        foreach (var reference in references.DistinctBy(r => r.Text))
        {
            if (found.ContainsKey(reference.Text)) continue;
            if (Criteria.Read(work, reference.Type, reference.Text, out var malformed, reference.Location, "conditional-reference") is not { } criteria)
                return malformed;
            asked.Add((reference, criteria));
        }
        if (asked.Count == 0) return null;
        var matches = new List<string>[asked.Count];
        if (work.Staging.IsEmpty)
            for (var i = 0; i < asked.Count; i++) matches[i] = asked[i].Criteria.Find(work);
        else work.Suppose(asked.Count, (inside, i) => matches[i] = asked[i].Criteria.Find(inside));
        for (var i = 0; i < asked.Count && !work.IsOutdated; i++)
        {
            if (matches[i] is not [var only]) return Refused(asked[i].Reference, matches[i].Count);
            found[asked[i].Reference.Text] = $"{asked[i].Reference.Type}/{only}";
        }
        return null;
    }

    /// <summary>Whether all of them still lead where they led.</summary>
    public Answer? Confirm(IEnumerable<ConditionalReference> references)
    {
        var all = references.ToList();
        var again = new ConditionalReferences(work);
        if (again.Resolve(all) is { } refused) return refused;
        return work.IsOutdated || all.Find(r => again.found[r.Text] != found[r.Text]) is not { Text: not null } other
            ? null : Refused(other, 2);
    }

    private static Answer Refused(ConditionalReference reference, int matches) => matches == 0
        ? Answer.Refuse(AnswerKind.NotFound, IssueType.NotFound,
            $"This conditional reference matches no {reference.Type} in your view; it must match exactly one", reference.Location,
            "conditional-reference")
        : Answer.Refuse(AnswerKind.Stale, IssueType.Conflict,
            $"This conditional reference matches more than one {reference.Type} in your view; it must match exactly one",
            reference.Location, "conditional-reference");
}
