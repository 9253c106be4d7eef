using System.Collections.Concurrent;
using System.Text;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Search.Indexing;

/// <summary>The type of a reference's target, without fetching the target: `resolve() is Patient` asks for the type alone, and that the
/// reference tells itself. https://hl7.org/fhir/R4/references.html</summary>
internal static class NamedTarget
{
    private static readonly ConcurrentDictionary<string, Document?> Stubs = new(StringComparer.Ordinal);

    public static bool Is(Node reference, string type)
    {
        if (reference.Type.Name != "Reference") return reference.Text is { } address && TypeOf(reference, address) == type;
        if (reference.TextOf("reference") is { } text && TypeOf(reference, text) is { } known) return known == type;
        return reference.TextOf("type") == type;
    }

    private static string? TypeOf(Node reference, string address) =>
        address is ['#', ..] ? ContainedType(reference, address.AsSpan(1)) : Reference.NamedType(address);

    private static string? ContainedType(Node reference, ReadOnlySpan<char> id)
    {
        var container = reference.Document.Root;
        if (id.IsEmpty) return container.Type.Name;
        foreach (var contained in container.All("contained"))
            if (contained.TextOf("id") is { } name && id.SequenceEqual(name)) return contained.Type.Name;
        return null;
    }

    /// <summary>For the FHIRPath engine: an empty resource of the type that the address names; Missing when it names none.</summary>
    public static Node Stub(string address) =>
        Reference.NamedType(address) is { } type && Stubs.GetOrAdd(type, Empty) is { } document ? document.Root : Node.Missing;

    private static Document? Empty(string type) =>
        JsonParser.Parse(Encoding.UTF8.GetBytes($$"""{"resourceType":"{{type}}"}"""), new Report());
}
