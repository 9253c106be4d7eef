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

    public override string ToString() => $"{ResourceType}.{Code}";
}

/// <summary>One value to index, with the node it came from (whose label the row will carry). Which fields are set depends on the
/// parameter's type; `Kind` is that type, except that a reference's `identifier` gives a Token row under the same parameter.</summary>
public readonly record struct IndexEntry(SearchParameter Parameter, SearchType Kind, int Node)
{
    /// <summary>Token, quantity: the system ("" when none). Reference: the target's type. </summary>
    public string? System { get; init; }
    /// <summary>Token: the code. Reference: the target's local id. String: the normal form (lower case, accents and punctuation folded). Uri: the address. Quantity: the unit's code.</summary>
    public string? Value { get; init; }
    /// <summary>Token: text or display for `:text`, lower case. Reference: the whole address when it is not local. String: the text as written, for `:exact`. Quantity: the unit as written.</summary>
    public string? Text { get; init; }
    /// <summary>Date: first and last instant covered, in UTC ticks (100 ns). </summary>
    public long Low { get; init; }
    public long High { get; init; }
    /// <summary>Number, quantity: the value and the bounds that its written precision implies.</summary>
    public double Number { get; init; }
    public double NumberLow { get; init; }
    public double NumberHigh { get; init; }
}
