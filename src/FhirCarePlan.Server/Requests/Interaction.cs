using FhirCarePlan.Server.Answers;

namespace FhirCarePlan.Server.Requests;

/// <summary>One interaction or operation, whole: its address, its needs, its handler, and its description for the ledger, the capability
/// statement and the OpenAPI document. All of these read the table (`Interactions/Table.cs`); nothing else lists interactions.
/// https://hl7.org/fhir/R4/http.html</summary>
public sealed record Interaction
{
    /// <summary>`read`, `update`, `$validate`: as the OpenAPI document and the log name it; unique.</summary>
    public required string Name { get; init; }
    /// <summary>The ledger's code for it: one of https://hl7.org/fhir/R4/valueset-type-restful-interaction.html, or an operation's
    /// name.</summary>
    public required string Code { get; init; }
    public required Level Level { get; init; }
    public required IReadOnlyList<InteractionRoute> Routes { get; init; }
    public BodyKind Body { get; init; } = BodyKind.None;
    /// <summary>`create`, `update` or `delete` for what writes: the action that the agreement permits or refuses.</summary>
    public string? Action { get; init; }
    public TargetNeed Target { get; init; } = TargetNeed.None;
    /// <summary>It handles a deleted resource itself; for the others that is 410.</summary>
    public bool TakesDeleted { get; init; }
    /// <summary>Query parameters besides `_format` and `_pretty`; null for one that reads its query itself.</summary>
    public IReadOnlyList<string>? Parameters { get; init; } = [];
    /// <summary>What its query takes, in words for the OpenAPI document.</summary>
    public IReadOnlyList<(string Name, string Plain)> Inputs { get; init; } = [];
    /// <summary>Its query says which resource is meant; without one there is no such interaction at this address.</summary>
    public bool ByCriteria { get; init; }
    /// <summary>May be an entry of a batch or transaction.</summary>
    public bool IsEntry { get; init; } = true;
    /// <summary>Asks about many resources at once, as a search does: consents that have lapsed are looked up first, and in a transaction it sees
    /// what the transaction leaves.</summary>
    public bool AsksOfMany { get; init; }
    /// <summary>It also takes types that are not served.</summary>
    public bool TakesAnyType { get; init; }
    /// <summary>Answers with a page, too, if asked for `text/html`.</summary>
    public bool HasPage { get; init; }
    /// <summary>Answers with something other than a resource, whatever `Accept` says.</summary>
    public bool IsPlain { get; init; }
    /// <summary>Open to everybody, without a token.</summary>
    public bool IsPublic { get; init; }
    /// <summary>The only resource type that has it; null for all.</summary>
    public string? On { get; init; }
    /// <summary>Resource type → why it does not have this interaction (405).</summary>
    public IReadOnlyDictionary<string, string> NotOn { get; init; } = new Dictionary<string, string>();
    /// <summary>Canonical of an operation's definition.</summary>
    public string? Definition { get; init; }
    public required InteractionText Text { get; init; }

    /// <summary>Its work within one unit of work; null for one that makes its own units (`Alone`).</summary>
    public Func<Exchange, Answer>? Perform { get; init; }
    public Func<Pipeline, FhirRequest, CancellationToken, Task<Answer>>? Alone { get; init; }

    /// <summary>The type of the address: named in it, or the one type of an interaction that needs a resource of it.</summary>
    public string TypeOf(string? named) => named is { Length: > 0 } ? named : Target == TargetNeed.None ? "" : On ?? "";

    public bool Writes => Action != null;
    public bool IsFor(string type) => (On is null || On == type) && !NotOn.ContainsKey(type);
    public bool IsOperation => Name[0] == '$';

    /// <summary>An interaction's table row reads better than its fields in a log.</summary>
    public override string ToString() => Name;
    public bool Equals(Interaction? other) => ReferenceEquals(this, other);
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}

/// <param name="Method">HTTP method; `GET` answers HEAD too.</param>
/// <param name="Pattern">Below the base: `/{type}/{id}`.</param>
/// <param name="OperationId">Of the OpenAPI document, when it differs from the interaction's name.</param>
public sealed record InteractionRoute(string Method, string Pattern, string? OperationId = null, string? Summary = null,
    string? Plain = null)
{
    /// <summary>Every address has it, so that no address is its own.</summary>
    public bool IsOfAnyAddress => Pattern == "/{**rest}";
    public bool IsOfCompartment => Pattern.StartsWith("/{compartment}/", StringComparison.Ordinal);
}

/// <summary>The level of its address.</summary>
public enum Level { System, Type, Instance, Version }

/// <summary>The body of the request. `Question`: a resource or Parameters that the operation reads itself; it may be missing. `Patch`: one of the
/// three forms of a patch. `Lines`: NDJSON.</summary>
public enum BodyKind { None, Resource, Bundle, Form, Question, Patch, Lines }

/// <summary>Whether the addressed resource must be in the caller's view. `Optional`: the handler decides about one that is not.</summary>
public enum TargetNeed { None, Needed, Optional }

/// <summary>For people who read the OpenAPI document.</summary>
/// <param name="Status">Of success.</param>
/// <param name="Answers">Type of the resource in a successful answer; null for that of the address, empty for none.</param>
public sealed record InteractionText(string Summary, string Plain, string Status, string Answer, string? Answers = null);
