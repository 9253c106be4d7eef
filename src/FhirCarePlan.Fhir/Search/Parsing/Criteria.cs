using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Search.Parsing;

/// <summary>Reads `parameter:modifier=a,b` for parameters that the definitions name. Each fault is an issue that says what the value must
/// be.</summary>
internal sealed class Criteria(TimeZoneInfo zone, TimeProvider clock, Func<BaseAddresses> own, CodesMeant meant)
{
    /// <summary>Adds the criteria that the pair means: one, except for conditions.</summary>
    public void Read(SearchParameter parameter, string? modifier, string value, List<Criterion> into, Report report)
    {
        if (!TryModifier(parameter, modifier, out var kind, out var type))
        {
            report.Add(Faults.NotSupported($"`{Faults.Word(parameter.Code + ":" + modifier)}`: modifiers of this parameter are {string.Join(", ", Modifiers(parameter).DefaultIfEmpty("none"))}"));
            return;
        }
        if (parameter.Type == SearchType.Token && kind is Modifier.In or Modifier.NotIn or Modifier.Above or Modifier.Below)
        {
            Codes(parameter, kind, modifier!, value, into, report);
            return;
        }
        var values = new List<QueryValue>();
        foreach (var piece in Escapes.Split(value, ','))
        {
            if (Value(parameter, kind, type, piece) is not { } read)
            {
                report.Add(Faults.Invalid($"A value of `{parameter.Code}` cannot be read; it must be {Allowed(parameter, kind, type)}"));
                return;
            }
            values.Add(read);
            if (kind == Modifier.None && InBase(parameter, piece, read) is { } inBase) values.Add(inBase);
            if (parameter.Type == SearchType.Reference && kind is Modifier.None or Modifier.Type && ReferenceValue.AsWritten(piece, read) is { } written) values.Add(written);
        }
        if (kind == Modifier.Missing && values.Count > 1) report.Add(Faults.Invalid($"`{parameter.Code}:missing` takes one value: true or false"));
        else if (parameter.IsOfSome && kind is Modifier.None or Modifier.Not) OfSome(parameter, kind, values, into, report);
        else if (parameter.IsCondition && kind is Modifier.None or Modifier.Not) Condition(parameter, kind, values, into);
        else if (kind == Modifier.OfType) into.Add(new Criterion(parameter.OfType!, Modifier.None, values) { Written = kind });
        else into.Add(new Criterion(parameter, kind, values) { TypeModifier = type });
    }

    /// <summary>A value set or a place in a hierarchy, as the codes that it means.</summary>
    private void Codes(SearchParameter parameter, Modifier kind, string modifier, string value, List<Criterion> into, Report report)
    {
        var codes = new List<(string, string)>();
        foreach (var piece in Escapes.Split(value, ','))
        {
            if (meant.Of(parameter, kind, piece, out var problem) is not { } found)
            {
                report.Add(Faults.NotSupported($"`{parameter.Code}:{modifier}`: {problem}"));
                return;
            }
            codes.AddRange(found);
        }
        if (codes.Distinct().Count() > CodesMeant.Most)
        {
            report.Add(Faults.NotSupported($"`{parameter.Code}:{modifier}`: together they mean more than {CodesMeant.Most} codes"));
            return;
        }
        into.Add(new Criterion(parameter, kind == Modifier.NotIn ? Modifier.Not : Modifier.None, TokenValue.Of(parameter, codes.Distinct())) { Written = kind });
    }

    private static QueryValue? InBase(SearchParameter parameter, string text, QueryValue read)
    {
        if (parameter.Type == SearchType.Quantity) return NumberValue.InBase(text, read, parameter.InBase);
        return parameter is { InBase: { } rows, Pair: { } pair } ? NumberValue.InBase(Escapes.Split(text, '$')[pair.IsKeyFirst ? 1 : 0], read, rows) : null;
    }

    /// <summary>`code$value`. https://hl7.org/fhir/R4/search.html#composite</summary>
    private QueryValue? Pair(Pair pair, string text)
    {
        if (Escapes.Split(text, '$') is not [var first, var second]) return null;
        var (code, beside) = pair.IsKeyFirst ? (first, second) : (second, first);
        if (code.Length == 0 || TokenValue.Read(code, pair.Key) is not { } key || Value(pair.Value, Modifier.None, null, beside) is not { } value) return null;
        return value with { Key = Search.Pair.KeyOf(key.System, key.Value) };
    }

    private QueryValue? Value(SearchParameter parameter, Modifier modifier, string? type, string text)
    {
        if (text.Length == 0) return null;
        if (modifier == Modifier.Missing) return text is "true" or "false" ? new QueryValue { Text = text } : null;
        if (modifier == Modifier.Identifier) return TokenValue.Read(text);
        if (modifier == Modifier.OfType) return TokenValue.OfType(text);
        switch (parameter.Type)
        {
            case SearchType.Token:
                return modifier != Modifier.Text ? TokenValue.Read(text, parameter) : Words(text, asText: true);
            case SearchType.String:
                return modifier == Modifier.Exact ? new QueryValue { Text = Escapes.Remove(text) } : modifier == Modifier.Text && text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length > MostWords ? null : Words(text, asText: false);
            case SearchType.Reference: return ReferenceValue.Read(text, type, own());
            case SearchType.Date: return DateValue.Read(text, zone, clock);
            case SearchType.Number: return NumberValue.Read(text);
            case SearchType.Composite: return Pair(parameter.Pair!, text);
            case SearchType.Quantity: return NumberValue.ReadQuantity(text);
            default:
                // A hierarchy is one of addresses: a URN has none.
                return modifier is Modifier.Above or Modifier.Below && (text.Length > LongestPath || !text.Contains("://", StringComparison.Ordinal)) ? null : new QueryValue { Value = Escapes.Remove(text) };
        }
    }

    /// <summary>Of `:text`, each of which is looked for by itself.</summary>
    private const int MostWords = 20;
    /// <summary>Of `:above` and `:below`: each step of the path is an address of its own.</summary>
    private const int LongestPath = 500;

    /// <summary>A value without letter or digit would match everything.</summary>
    private static QueryValue? Words(string text, bool asText)
    {
        text = Escapes.Remove(text);
        var normal = NormalText.Of(text);
        return normal.Length == 0 ? null : asText ? new QueryValue { Text = normal } : new QueryValue { Value = normal, Text = text };
    }

    /// <summary>Only `true` is indexed, so `false` becomes `not true`; both together exclude nothing (or, with `:not`,
    /// everything).</summary>
    private static void Condition(SearchParameter parameter, Modifier modifier, List<QueryValue> values, List<Criterion> into)
    {
        bool yes = values.Exists(v => v.Value == "true"), no = values.Exists(v => v.Value == "false");
        if (modifier == Modifier.Not) (yes, no) = (!yes, !no);
        QueryValue[] truth = [new QueryValue { Value = "true" }];
        if (yes && no) return;
        if (yes || !no) into.Add(new Criterion(parameter, Modifier.None, truth));
        if (no || !yes) into.Add(new Criterion(parameter, Modifier.Not, truth));
    }

    private static readonly QueryValue True = new() { Value = "true" }, Applies = new() { Value = SearchParameter.Applies };

    /// <summary>Of a condition that applies to some resources only, `false` asks for those to which it applies and which are not true.</summary>
    private static void OfSome(SearchParameter parameter, Modifier modifier, List<QueryValue> values, List<Criterion> into, Report report)
    {
        var yes = values.Exists(v => v is { Value: "true", System: null or "" });
        var no = values.Exists(v => v is { Value: "false", System: null or "" });
        if (modifier == Modifier.None)
        {
            if (no || !yes) into.Add(new Criterion(parameter, Modifier.None, [Applies]));
            if (yes != no) into.Add(new Criterion(parameter, yes ? Modifier.None : Modifier.Not, [True]));
            else if (!yes) into.Add(new Criterion(parameter, Modifier.Not, [Applies]));
        }
        else if (no && !yes)
            report.Add(Faults.NotSupported($"`{parameter.Code}:not=false` is not supported; ask `{parameter.Code}=true`, "
                + $"or `{parameter.Code}:missing=true` for the resources that it does not apply to"));
        else
        {
            if (yes) into.Add(new Criterion(parameter, Modifier.Not, [True]));
            if (no) into.Add(new Criterion(parameter, Modifier.Not, [Applies]));
        }
    }

    private static bool TryModifier(SearchParameter parameter, string? text, out Modifier modifier, out string? type)
    {
        type = null;
        modifier = text switch
        {
            null => Modifier.None,
            "missing" => Modifier.Missing,
            "exact" => Modifier.Exact,
            "contains" => Modifier.Contains,
            "not" => Modifier.Not,
            "text" => Modifier.Text,
            "identifier" => Modifier.Identifier,
            "above" => Modifier.Above,
            "below" => Modifier.Below,
            "of-type" => Modifier.OfType,
            "in" => Modifier.In,
            "not-in" => Modifier.NotIn,
            _ => Modifier.Type,
        };
        if (modifier == Modifier.Type) type = text;
        return modifier switch
        {
            Modifier.None => true,
            Modifier.Missing => parameter.Type != SearchType.Composite,
            Modifier.Exact or Modifier.Contains => parameter.Type == SearchType.String,
            Modifier.Not => parameter.Type == SearchType.Token,
            Modifier.Text => parameter.Type is SearchType.Token or SearchType.String,
            Modifier.In or Modifier.NotIn => parameter is { Type: SearchType.Token, IsCondition: false },
            Modifier.Above or Modifier.Below => parameter.Type == SearchType.Uri || parameter is { Type: SearchType.Token, IsCondition: false },
            Modifier.OfType => parameter.OfType != null,
            Modifier.Identifier => parameter.Type == SearchType.Reference,
            _ => parameter.Type == SearchType.Reference && Reference.IsType(text!), // even one that R4 gives no target: stored data may
        };
    }

    /// <summary>For messages and for the capability statement.</summary>
    public static IEnumerable<string> Modifiers(SearchParameter parameter) => parameter.Type switch
    {
        SearchType.String => [":missing", ":exact", ":contains", ":text"],
        SearchType.Token when parameter.IsCondition => [":missing", ":not", ":text"],
        SearchType.Token => [":missing", ":not", ":text", ":in", ":not-in", ":above", ":below", .. parameter.OfType is null ? Array.Empty<string>() : [":of-type"]],
        SearchType.Uri => [":missing", ":above", ":below"],
        SearchType.Reference => [":missing", ":identifier", .. parameter.Targets.Count == 0 ? [":[type]"] : parameter.Targets.Select(t => ":" + t)],
        SearchType.Composite => [],
        _ => [":missing"],
    };

    private static string Allowed(SearchParameter parameter, Modifier modifier, string? type) => (modifier, parameter.Type) switch
    {
        (Modifier.Missing, _) => "true or false",
        (Modifier.Identifier, _) => TokenValue.Allowed,
        (Modifier.OfType, _) => "system|code|value: the identifier's type, and its value",
        (Modifier.Text, SearchType.String) => $"text with at least one letter or digit, {MostWords} words at most",
        (Modifier.Above or Modifier.Below, SearchType.Uri) => $"an address of {LongestPath} letters at most",
        (Modifier.Text, _) or (_, SearchType.String) => "text with at least one letter or digit",
        (_, SearchType.Token) => TokenValue.Allowed,
        (Modifier.Type, _) => $"id, {type}/id or an address",
        (_, SearchType.Reference) => ReferenceValue.Allowed,
        (_, SearchType.Date) => DateValue.Allowed,
        (_, SearchType.Number) => NumberValue.Allowed,
        (_, SearchType.Quantity) => NumberValue.QuantityAllowed,
        (_, SearchType.Composite) => $"a value of `{(parameter.Pair!.IsKeyFirst ? parameter.Pair.Key : parameter.Pair.Value).Code}`, `$`, and one of `{(parameter.Pair.IsKeyFirst ? parameter.Pair.Value : parameter.Pair.Key).Code}`",
        _ => "an address",
    };
}
