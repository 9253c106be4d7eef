using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Search.Indexing;

namespace FhirCarePlan.Fhir.Search.Parsing;

/// <summary>https://hl7.org/fhir/R4/search.html#token</summary>
internal static class TokenValue
{
    public const string Allowed = "code, system|code, |code or system|";

    public static QueryValue? Read(string text)
    {
        var pieces = Escapes.Split(text, '|');
        if (pieces.Count > 2) return null;
        var code = Escapes.Remove(pieces[^1]);
        if (pieces.Count == 1) return code.Length == 0 ? null : new QueryValue { Value = code.ToLowerInvariant() };
        var system = Escapes.Remove(pieces[0]);
        if (code.Length == 0) return system.Length == 0 ? null : new QueryValue { System = system };
        return new QueryValue { System = system, Value = code.ToLowerInvariant() };
    }

    /// <summary>Reads a value of a parameter, whose elements may be `code`s: their system is implied by the value set and not stored.</summary>
    public static QueryValue? Read(string text, SearchParameter parameter)
    {
        var value = Read(text);
        return value is { System.Length: > 0 } && IsImplied(parameter, value.System, Escapes.Remove(Escapes.Split(text, '|')[^1]))
            ? value with { System = null } : value;
    }

    /// <param name="code">Empty for any code of the system.</param>
    private static bool IsImplied(SearchParameter parameter, string system, string code) => Bindings(parameter) is { } bindings && IsImplied(bindings, system, code);

    private static bool IsImplied(List<ICodes> bindings, string system, string code) =>
        bindings.TrueForAll(codes => code.Length > 0 ? codes.Contains(system, code) == true : codes.OnlySystem == system);

    /// <summary>The value sets of a parameter all of whose elements are `code`s; null for every other.</summary>
    private static List<ICodes>? Bindings(SearchParameter parameter)
    {
        var all = new List<ICodes>();
        foreach (var element in Elements.Of(parameter))
            if (element?.Types is [{ TypeName: "code" }] && element.Binding is { } binding && R4.ValueSet(binding.ValueSet) is { } codes) all.Add(codes);
            else return null;
        return all;
    }

    /// <summary>Codes of value sets and hierarchies, as the parameter's elements carry them.</summary>
    public static List<QueryValue> Of(SearchParameter parameter, IEnumerable<(string System, string Code)> codes)
    {
        var bindings = Bindings(parameter);
        return [.. codes.Select(c => new QueryValue
        {
            System = bindings != null && IsImplied(bindings, c.System, c.Code) ? null : c.System, Value = c.Code.ToLowerInvariant(),
        })];
    }

    /// <summary>`system|code|value` of an identifier's type and value. https://hl7.org/fhir/R4/search.html#modifiers</summary>
    public static QueryValue? OfType(string text) =>
        Escapes.Split(text, '|').ConvertAll(Escapes.Remove) is [{ Length: > 0 } system, { Length: > 0 } code, { Length: > 0 } value]
            ? new QueryValue { System = system, Value = $"{code}{SearchParameter.Joint}{value}".ToLowerInvariant() } : null;
}
