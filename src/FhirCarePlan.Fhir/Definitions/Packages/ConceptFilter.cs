using FhirCarePlan.Fhir.Definitions.Codes;
using FhirCarePlan.Fhir.FhirPath.Functions;

namespace FhirCarePlan.Fhir.Definitions.Packages;

/// <summary>One filter of a value set on a code system whose codes are loaded.
/// https://hl7.org/fhir/R4/valueset-filter-operator.html</summary>
internal sealed record ConceptFilter(string Property, string Op, string Value)
{
    /// <summary>Null when it cannot be told: the codes are not all known, or the operator is not.</summary>
    /// <param name="system">Of a package.</param>
    /// <param name="concepts">Of R4, where no package has the system.</param>
    public bool? Keeps(string code, CodeSystemCodes? system, ConceptTable? concepts)
    {
        bool? IsBelow(string one, string ancestor) => system != null ? system.IsBelow(one, ancestor)
            : concepts == null ? null : concepts.IsBelow(one, ancestor) ? true : concepts.IsComplete ? false : null;

        if (Property is "concept" or "code")
            switch (Op)
            {
                case "=": return code == Value;
                case "is-a": return code == Value ? true : IsBelow(code, Value);
                case "descendent-of": return IsBelow(code, Value);
                case "is-not-a": return code == Value ? false : !IsBelow(code, Value);
                case "generalizes": return code == Value ? true : IsBelow(Value, code);
            }
        if (system is not { IsComplete: true } || !system.Declares(Property)) return null;
        var values = system.Values(code, Property);
        return Op switch
        {
            "=" => values.Contains(Value),
            "in" => Value.Split(',').Any(v => values.Contains(v.Trim())),
            "not-in" => !Value.Split(',').Any(v => values.Contains(v.Trim())),
            "exists" => Value == "true" == values.Count > 0,
            "regex" => Matches(values),
            _ => null,
        };
    }

    private bool? Matches(IReadOnlyList<string> values)
    {
        foreach (var value in values)
            switch (RegularExpressions.MatchesWhole(value, Value))
            {
                case null: return null;
                case true: return true;
            }
        return false;
    }
}
