namespace FhirCarePlan.Fhir.Search;

public enum SearchType { Number, Date, String, Token, Reference, Composite, Quantity, Uri, Special }

/// <summary>A parameter as it applies to one resource type. https://hl7.org/fhir/R4/searchparameter.html</summary>
public sealed class SearchParameter
{
    /// <summary>Stable over restarts and machines (a hash of type and code): index rows carry it.</summary>
    public required int Id { get; init; }
    public required string ResourceType { get; init; }
    public required string Code { get; init; }
    public required SearchType Type { get; init; }
    public required string Url { get; init; }
    /// <summary>The part of the published expression that speaks of this type.</summary>
    public required string Expression { get; init; }
    public IReadOnlyList<string> Targets { get; init; } = [];
    /// <summary>The expression is a condition (`Patient.deceased.exists() and …`). Only `true` is indexed, since a row must never state
    /// an absence; the parser turns `=false` into `:not=true`.</summary>
    public bool IsCondition { get; init; }
    /// <summary>The condition is asked of some resources only (`CarePlan.where(…).extension(…).exists()`); for the others it is neither true
    /// nor false. That it applies is indexed (`Applies`), so that `=false` finds those to which it applies and which are not `true`.</summary>
    public bool IsOfSome { get; init; }

    /// <summary>Identifiers by their type, for `:of-type`: tokens whose code is the type's code and the value. Null for parameters that look at
    /// no identifiers.</summary>
    public SearchParameter? OfType { get; init; }
    /// <summary>Of a composite: what its two parts compare. Null for every other, and for composites that cannot be asked.</summary>
    public Pair? Pair { get; init; }
    /// <summary>The rows of a quantity, or of a pair with one, in the base units of UCUM. Null for every other.</summary>
    public SearchParameter? InBase { get; init; }

    /// <summary>Between the type's code and the value of such a token; FHIR allows it in neither.</summary>
    internal const char Joint = '\u001f';

    /// <summary>The code of the row that says so; nobody can ask for it.</summary>
    internal const string Applies = "applies";

    public override string ToString() => $"{ResourceType}.{Code}";
}

/// <summary>The parts of a composite parameter: a code, and a value beside it. https://hl7.org/fhir/R4/search.html#composite</summary>
/// <param name="IsKeyFirst">`code$value`; otherwise `value$code`.</param>
public sealed record Pair(SearchParameter Key, string KeyExpression, SearchParameter Value, string ValueExpression, bool IsKeyFirst)
{
    /// <summary>The texts by which a pair is found: `code`, `system|code`, `|code`, `system|`.</summary>
    internal static string KeyOf(string? system, string? code) => system is null ? code ?? "" : $"{system}{SearchParameter.Joint}{code}";
}

/// <summary>One value to index, with the node it came from. Which fields are set depends on the parameter's type; `Kind` is that type,
/// except that a reference's `identifier` gives a Token row under the same parameter, so `:missing` must look at both.
/// The row carries the union of the labels of `Node` and of everything below it (`IndexExtractor.LabelOf`): the system and the
/// display of a coding, both ends of a period; a value chosen by a `where` names the element that was looked at. Equal values from different nodes stay different rows, as their labels may differ.</summary>
public readonly record struct IndexEntry(SearchParameter Parameter, SearchType Kind, int Node)
{
    /// <summary>A second node that the value was made of (`url|version`): its labels count too. Null for none.</summary>
    public int? Also { get; init; }
    /// <summary>Token, quantity: the system ("" when none). Reference: the target's type, "" when it is not local.</summary>
    public string? System { get; init; }
    /// <summary>Token: the code in lower case, as R4 matches tokens without case; null for a row that holds `Text` only. Reference: the
    /// target's local id. String: the normal form (NormalText). Uri: the address. Quantity: the unit's code, case kept.</summary>
    public string? Value { get; init; }
    /// <summary>Token: normal form of text or display, for `:text`. Reference: the whole address when it is not local (without
    /// `/_history/…`; `#id` for a contained one, "" for a mere display: both only count for `:missing`). String: the text as written,
    /// for `:exact`. Special: the words of a text in normal form, joined by blanks. Quantity: the unit as written.</summary>
    public string? Text { get; init; }
    /// <summary>Pair: the text of its code, as `Pair.KeyOf` writes it. The other fields are then those of the value beside it.</summary>
    public string? Key { get; init; }
    /// <summary>Date: first and last instant covered, both included, in UTC ticks (100 ns); open ends are long.MinValue and MaxValue.</summary>
    public long Low { get; init; }
    public long High { get; init; }
    /// <summary>Number, quantity: the value, for sorting.</summary>
    public double Number { get; init; }
    /// <summary>First and last number covered, both included: equal to `Number` for a plain number; further apart for a Range or a
    /// quantity with a comparator, whose open ends are double.MinValue and MaxValue.</summary>
    public double NumberLow { get; init; }
    public double NumberHigh { get; init; }
}
