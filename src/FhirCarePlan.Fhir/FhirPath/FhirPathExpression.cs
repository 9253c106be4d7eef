using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.FhirPath;

/// <summary>A FHIRPath expression, compiled once into delegates and safe to share. http://hl7.org/fhirpath/N1/</summary>
public sealed class FhirPathExpression
{
    /// <exception cref="FhirPathException">The text is not FHIRPath; the message says where.</exception>
    public static FhirPathExpression Compile(string text) => throw new NotImplementedException();

    public string Text => throw new NotImplementedException();

    /// <summary>True, false, or null when the result is empty. A collection with one item that is not a boolean is true.</summary>
    public bool? Test(Node focus, FhirPathContext context) => throw new NotImplementedException();

    /// <summary>Adds the nodes of the result that lie in the tree, in order; computed values are left out.</summary>
    public void Select(Node focus, FhirPathContext context, List<Node> into) => throw new NotImplementedException();
}

/// <summary>The expression cannot be compiled, or cannot be evaluated on this input.</summary>
public sealed class FhirPathException(string message) : Exception(message);

/// <summary>What an expression may ask of its surroundings. `%resource` and `%rootResource` follow from the focus.</summary>
public sealed record FhirPathContext(TimeProvider Clock)
{
    /// <summary>`resolve()`: the node a reference points at, or Missing. Null: only contained and bundled targets are found.</summary>
    public Func<string, Node>? Resolve { get; init; }
    /// <summary>`memberOf()`: value set, system, code → is member; null when it cannot be decided.</summary>
    public Func<string, string?, string, bool?>? MemberOf { get; init; }
    /// <summary>Values of `%name` beyond the standard ones.</summary>
    public IReadOnlyDictionary<string, Node>? Variables { get; init; }
}
