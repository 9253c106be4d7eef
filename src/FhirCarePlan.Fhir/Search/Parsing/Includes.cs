using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Search.Parsing;

/// <summary>`_include` and `_revinclude`: `Source:parameter`, `Source:parameter:Target`, `Source:*`. With `:iterate` the source may be
/// another type than that searched.
/// https://hl7.org/fhir/R4/search.html#include</summary>
internal sealed class Includes(SearchParameters parameters)
{
    public Include? Read(string searched, string name, string value, Report report)
    {
        var (isReverse, isIterated) = (name.StartsWith("_rev", StringComparison.Ordinal), name.EndsWith(":iterate", StringComparison.Ordinal));
        var pieces = value.Split(':');
        if (value == "*" && !isReverse && !isIterated) return new Include(searched, null, null);
        if (pieces.Length is not (2 or 3) || !Reference.IsType(pieces[0]) || pieces is [_, _, var named] && !Reference.IsType(named))
            return Refuse($"A value of `{name}` cannot be read; it must be Type:parameter, Type:parameter:Target or Type:*");
        var (source, target) = (pieces[0], pieces.Length == 3 ? pieces[2] : null);
        if (!isReverse && !isIterated && source != searched) return Refuse($"`_include` of `{source}`: the resources found are of type {searched}");
        if (isReverse && !isIterated && target is { } other && other != searched)
            return Refuse($"`_revinclude` to `{other}`: the resources found are of type {searched}");
        if (pieces[1] == "*") return new Include(source, null, target, isIterated);

        var parameter = parameters.Find(source, pieces[1]);
        var aim = isReverse && !isIterated ? searched : target;
        if (parameter is { Type: SearchType.Reference } && SearchParameters.IsUsable(parameter)
            && (aim is null || MayPointAt(parameter, aim)))
            return new Include(source, parameter, target, isIterated);
        var allowed = parameters.For(source).Where(p => p.Type == SearchType.Reference && (aim is null || MayPointAt(p, aim)))
            .Select(p => p.Code);
        return Refuse($"`{name}`: `{Faults.Word(pieces[1])}` is not a reference of {source}{(aim is null ? "" : $" to {aim}")}; use one "
            + $"of {string.Join(", ", allowed.DefaultIfEmpty("none"))}");

        Include? Refuse(string text)
        {
            report.Add(Faults.Invalid(text));
            return null;
        }
    }

    private static bool MayPointAt(SearchParameter parameter, string type) =>
        parameter.Targets.Count == 0 || parameter.Targets.Contains(type) || parameter.Targets.Contains("Resource");
}
