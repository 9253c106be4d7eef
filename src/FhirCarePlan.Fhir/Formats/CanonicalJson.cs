using System.Buffers;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Formats;

/// <summary>The one written form of a resource: UTF-8, no white space, definition order with `_x` after `x`, minimal escapes, numbers as written.</summary>
public static partial class CanonicalJson
{
    public static byte[] Write(Document document, WriteOptions? options = null) => throw new NotImplementedException();

    public static void Write(Node node, IBufferWriter<byte> output, WriteOptions? options = null) => throw new NotImplementedException();
}

/// <summary>What is written differently from the tree.</summary>
public sealed record WriteOptions
{
    /// <summary>Replaces the root's `id`.</summary>
    public string? Id { get; init; }
    /// <summary>Replaces the root's `meta`: a whole JSON object.</summary>
    public ReadOnlyMemory<byte>? Meta { get; init; }
    /// <summary>Node masks by node index; a node with (mask &amp; ~Permitted) != 0 is left out with all below it.</summary>
    public IReadOnlyList<long>? Labels { get; init; }
    public long Permitted { get; init; } = -1;
    /// <summary>Gives another value for a string primitive (references of a transaction), or null to keep it.</summary>
    public Func<Node, string?>? Replace { get; init; }
    /// <summary>True to leave a root-level or nested node out (`_elements`, `_summary`), asked after Labels.</summary>
    public Func<Node, bool>? Skip { get; init; }
}
