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
    private static bool IsImplied(SearchParameter parameter, string system, string code)
    {
        foreach (var part in ParameterExpression.Parts(parameter.Expression))
        {
            var element = IndexPath.TryCompile(parameter.ResourceType, part)?.ElementOf(R4.Type(parameter.ResourceType));
            if (element?.Types is not [{ TypeName: "code" }] || element.Binding is not { } binding) return false;
            if (R4.ValueSet(binding.ValueSet) is not { } codes) return false;
            if (code.Length > 0 ? codes.Contains(system, code) != true : codes.OnlySystem != system) return false;
        }
        return true;
    }
}
