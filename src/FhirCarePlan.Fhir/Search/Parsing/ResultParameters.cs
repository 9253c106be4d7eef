using System.Globalization;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Search.Parsing;

/// <summary>Parameters that shape the answer instead of choosing resources. https://hl7.org/fhir/R4/search.html#return</summary>
internal sealed class ResultParameters(SearchParameters parameters)
{
    private const int MaxCount = 1000;
    private static readonly string[] Once = ["_count", "_sort", "_total", "_summary", "_elements", "_format", "_pretty", "_page",
        "_contained"];

    public static readonly string[] Names = ["_count", "_elements", "_format", "_include", "_pretty", "_revinclude", "_sort", "_summary",
        "_total"];

    private readonly Includes includes = new(parameters);

    public static bool Knows(string name) => Array.IndexOf(Once, name) >= 0 || name is "_include" or "_revinclude" or "_include:iterate" or "_revinclude:iterate";

    /// <summary>Takes the parameter into the query; `value` becomes its normal form for the self link.</summary>
    public SearchQuery Read(SearchQuery query, string name, ref string value, Report report)
    {
        switch (name)
        {
            case "_count":
                if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                    return Refuse("a whole number from 0 to 1000");
                value = (count = Math.Min(count, MaxCount)).ToString(CultureInfo.InvariantCulture);
                return query with { Count = count };
            case "_total":
                if (!Enum.TryParse<TotalMode>(Capital(value), out var total)) return Refuse("none, estimate or accurate");
                return query with { Total = total };
            case "_summary":
                if (!Enum.TryParse<SummaryMode>(Capital(value), out var summary)) return Refuse("true, text, data, count or false");
                return query with { Summary = summary };
            case "_contained":
                return value == "false" ? query : Refuse("false; contained resources are not searched");
            case "_elements": return Elements(query, value, report);
            case "_sort": return Sort(query, value, report);
            case "_include" or "_include:iterate":
                return includes.Read(query.Type, name, value, report) is { } include
                ? query with { Includes = [.. query.Includes, include] } : query;
            case "_revinclude" or "_revinclude:iterate":
                return includes.Read(query.Type, name, value, report) is { } revinclude
                ? query with { RevIncludes = [.. query.RevIncludes, revinclude] } : query;
            case "_page": return query with { Page = value };
            default: return query; // _format, _pretty: the server's
        }

        SearchQuery Refuse(string allowed)
        {
            report.Add(Faults.Invalid($"`{name}` cannot be read; it must be {allowed}"));
            return query;
        }
    }

    public static bool MayRepeat(string name) => Array.IndexOf(Once, name) < 0;

    private static SearchQuery Elements(SearchQuery query, string value, Report report)
    {
        var type = R4.Type(query.Type)!;
        var names = new List<string>();
        foreach (var piece in value.Split(','))
        {
            var name = piece.Trim();
            if (name.StartsWith(query.Type + ".", StringComparison.Ordinal)) name = name[(query.Type.Length + 1)..];
            if (type.Element(name) is null)
            {
                report.Add(Faults.Invalid($"`_elements`: `{Faults.Word(name)}` is not an element of {query.Type}; use one of "
                    + $"{string.Join(", ", type.Elements.Select(e => e.Name))}"));
                return query;
            }
            names.Add(name);
        }
        return query with { Elements = names };
    }

    private SearchQuery Sort(SearchQuery query, string value, Report report)
    {
        var keys = new List<SortKey>();
        foreach (var piece in value.Split(','))
        {
            var name = piece.Trim();
            var isDescending = name is ['-', ..];
            if (isDescending) name = name[1..];
            var parameter = parameters.Find(query.Type, name);
            if (name is "_id" or "_lastUpdated") keys.Add(new SortKey(null, isDescending, name));
            else if (parameter is { Type: not SearchType.Composite } && SearchParameters.IsUsable(parameter)) keys.Add(new SortKey(parameter, isDescending));
            else
            {
                report.Add(Faults.Invalid($"`_sort`: `{Faults.Word(name)}` is not a search parameter of {query.Type}; use one of "
                    + $"{string.Join(", ", parameters.For(query.Type).Where(p => p.Type != SearchType.Composite).Select(p => p.Code))}"));
                return query;
            }
        }
        return query with { Sort = keys };
    }

    private static string Capital(string word) => word is [>= 'a' and <= 'z', ..] ? char.ToUpperInvariant(word[0]) + word[1..] : "";
}
