using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Search.Parsing;

/// <summary>Reads `_filter`: `name co "pet" and (birthdate ge 2010 or not (gender eq male))`. Without parentheses it goes from left to right.
/// https://hl7.org/fhir/R4/search_filter.html</summary>
/// <param name="parse">Reads one condition as a search of its own: name and value.</param>
internal sealed class FilterReader(Func<string, string, Report, SearchQuery?> parse)
{
    private const int Deepest = 12, MostConditions = 50;

    private static readonly SearchType[] Ordered = [SearchType.Date, SearchType.Number, SearchType.Quantity];
    public const string Operators = "eq, ne, co, sw, ew, gt, lt, ge, le, ap, sa, eb, pr, po, ss, sb, in, re";

    /// <summary>Null, with a fault in the report, when it cannot be asked.</summary>
    public Filter? Read(string text, Report report)
    {
        var reader = new Reader(this, text, report);
        var filter = reader.Joined(0);
        if (filter is not null && !reader.IsAtEnd) return reader.Fail("something is left behind its end; join conditions by `and` or `or`");
        return report.HasErrors ? null : filter;
    }

    private sealed class Reader(FilterReader rules, string text, Report report)
    {
        private int at, conditions;

        public bool IsAtEnd
        {
            get
            {
                Blanks();
                return at == text.Length;
            }
        }

        public Filter? Fail(string what)
        {
            if (!report.HasErrors) report.Add(Faults.Invalid($"`_filter`: {what}"));
            return null;
        }

        /// <summary>One condition, or several from left to right.</summary>
        public Filter? Joined(int depth)
        {
            if (depth > Deepest) return Fail($"it is nested deeper than {Deepest}");
            var filter = One(depth);
            while (filter is not null && !IsAtEnd && text[at] != ')')
            {
                var word = Word();
                if (word is not ("and" or "or")) return Fail("conditions are joined by `and` or `or`");
                if (One(depth) is not { } next) return null;
                filter = (word, filter) switch
                {
                    ("and", Filter.All all) => new Filter.All([.. all.Of, next]),
                    ("and", _) => new Filter.All([filter, next]),
                    (_, Filter.Any any) => new Filter.Any([.. any.Of, next]),
                    _ => new Filter.Any([filter, next]),
                };
            }
            return filter;
        }

        private Filter? One(int depth)
        {
            Blanks();
            if (at < text.Length && text[at] == '(') return Inside(depth);
            var path = Word();
            if (path == "not")
            {
                Blanks();
                if (at == text.Length || text[at] != '(') return Fail("`not` is followed by a condition in parentheses");
                return Inside(depth) is { } inner ? new Filter.Not(inner) : null;
            }
            if (path.Length == 0) return Fail("a condition begins with the name of a search parameter");
            if (path.Contains('[', StringComparison.Ordinal)) return Fail("conditions in brackets are not supported; ask a composite parameter, or `_has`");
            if (++conditions > MostConditions) return Fail($"it may have {MostConditions} conditions at most");
            var sign = Word();
            if (Value() is not { Length: > 0 } value) return Fail("a condition is a parameter, an operator and a value, as in `birthdate ge 2010`");
            return rules.Condition(path, sign, value, report) is { } query ? new Filter.Is(query) : Fail($"`{Faults.Word(path)} {Faults.Word(sign)}` cannot be asked");
        }

        /// <summary>What stands between parentheses. It counts as one condition, whatever follows it.</summary>
        private Filter? Inside(int depth)
        {
            at++;
            if (Joined(depth + 1) is not { } filter) return null;
            Blanks();
            if (at == text.Length || text[at] != ')') return Fail("a parenthesis is not closed");
            at++;
            return new Filter.All([filter]);
        }

        private string? Value()
        {
            Blanks();
            if (at == text.Length) return null;
            if (text[at] != '"') return Word();
            var start = at;
            for (at++; at < text.Length && text[at] != '"'; at++)
                if (text[at] == '\\') at++;
            if (at >= text.Length) return null;
            at++;
            try
            {
                return System.Text.Json.JsonSerializer.Deserialize<string>(text[start..at]);
            }
            catch (System.Text.Json.JsonException)
            {
                return null;
            }
        }

        private string Word()
        {
            Blanks();
            var start = at;
            while (at < text.Length && !char.IsWhiteSpace(text[at]) && text[at] is not (')' or '(')) at++;
            return text[start..at];
        }

        private void Blanks()
        {
            while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        }
    }

    /// <summary>As the search that it means; null when the parameter does not have the operator.</summary>
    private SearchQuery? Condition(string path, string sign, string value, Report report)
    {
        var plain = value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal);
        switch (sign)
        {
            case "pr": return value is "true" or "false" ? parse($"{path}:missing", value == "true" ? "false" : "true", report) : null;
            case "co": return parse($"{path}:contains", plain, report);
            case "in": return Of(parse($"{path}:in", plain, report), c => c.Parameter.Type == SearchType.Token);
            case "ss": return Of(parse($"{path}:below", plain, report), c => c.Parameter.Type == SearchType.Token);
            case "sb": return Of(parse($"{path}:above", plain, report), c => c.Parameter.Type == SearchType.Token);
            case "re": return Of(parse(path, plain, report), c => c.Parameter.Type == SearchType.Reference);
            case "sw": return Of(parse(path, plain, report), c => c is { Parameter.Type: SearchType.String, Modifier: Modifier.None });
            case "ew": return Of(parse(path, plain, report), c => c is { Parameter.Type: SearchType.String, Modifier: Modifier.None })?.Changed(c => c with { Modifier = Modifier.Ends });
            case "po": return Of(parse(path, plain, report), c => c is { Parameter.Type: SearchType.Date, Modifier: Modifier.None } && c.AnyOf[0].Prefix == Prefix.Eq)?.Changed(c => c with { AnyOf = [c.AnyOf[0] with { Prefix = Prefix.Ap }] });
            case "eq":
                return Of(parse(path, plain, report), c => !Ordered.Contains(c.Parameter.Type) || IsNumber(value), ids: true, times: IsNumber(value))
                    ?.Changed(c => c.Parameter.Type == SearchType.String && c.Modifier == Modifier.None ? c with { Modifier = Modifier.Same } : c);
            case "ne" or "gt" or "lt" or "ge" or "le" or "ap" or "sa" or "eb": return Of(parse(path, sign + plain, report), c => Ordered.Contains(c.Parameter.Type), times: true);
            default:
                report.Add(Faults.NotSupported($"`_filter`: `{Faults.Word(sign)}` is not an operator; use one of {Operators}"));
                return null;
        }
    }

    /// <summary>Not a prefix and a number.</summary>
    private static bool IsNumber(string value) => char.IsDigit(value[0]) || value[0] is '-' or '+';

    /// <summary>The search, if what it ends at is of a kind that has the operator.</summary>
    private static SearchQuery? Of(SearchQuery? query, Func<Criterion, bool> fits, bool ids = false, bool times = false)
    {
        return query is not null && Fits(query) ? query : null;

        bool Fits(SearchQuery end) => (ids || end.Ids.Count == 0) && (times || end.LastUpdated.Count == 0) && end.Criteria.All(fits)
            && end.Chains.All(chain => chain.Targets.All(Fits)) && end.Filters.Count == 0 && end.Ids.Count + end.LastUpdated.Count + end.Criteria.Count + end.Chains.Count > 0;
    }
}

file static class Changes
{
    /// <summary>With the criteria at its ends changed.</summary>
    public static SearchQuery Changed(this SearchQuery query, Func<Criterion, Criterion> change) => query with
    {
        Criteria = [.. query.Criteria.Select(change)],
        Chains = [.. query.Chains.Select(chain => chain with { Targets = [.. chain.Targets.Select(target => target.Changed(change))] })],
    };
}
