using System.Collections.Concurrent;
using System.Text;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Search.Indexing;

/// <summary>Reads references without fetching what they point at. `resolve() is Patient` asks for the type alone, and that the
/// reference tells itself. https://hl7.org/fhir/R4/references.html</summary>
internal sealed class References(string? baseUrl)
{
    private static readonly ConcurrentDictionary<string, Document?> Stubs = new(StringComparer.Ordinal);

    public ReferenceTarget Of(string address) => ReferenceTarget.Of(address, baseUrl);

    public bool TargetIs(Node reference, string type)
    {
        if (reference.Type.Name != "Reference") return reference.Text is { } address && TypeOf(reference, address) == type;
        if (reference.TextOf("reference") is { } text && TypeOf(reference, text) is { Length: > 0 } known) return known == type;
        return reference.TextOf("type") == type;
    }

    private string TypeOf(Node reference, string address)
    {
        var target = Of(address);
        if (target.IsLocal) return target.Type;
        return target.IsContained ? ContainedType(reference, target.Address.AsSpan(1)) : ReferenceTarget.TypeOf(address);
    }

    private static string ContainedType(Node reference, ReadOnlySpan<char> id)
    {
        var container = reference.Document.Root;
        if (id.IsEmpty) return container.Type.Name;
        foreach (var contained in container.All("contained"))
            if (contained.TextOf("id") is { } name && id.SequenceEqual(name)) return contained.Type.Name;
        return "";
    }

    /// <summary>For the FHIRPath engine: an empty resource of the type that the address names; Missing when it names none.</summary>
    public Node Resolve(string address)
    {
        var target = Of(address);
        var type = target.IsLocal ? target.Type : ReferenceTarget.TypeOf(address);
        return type.Length > 0 && Stubs.GetOrAdd(type, Stub) is { } document ? document.Root : Node.Missing;
    }

    private static Document? Stub(string type) =>
        JsonParser.Parse(Encoding.UTF8.GetBytes($$"""{"resourceType":"{{type}}"}"""), new Report());
}
