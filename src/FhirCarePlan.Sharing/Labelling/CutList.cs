namespace FhirCarePlan.Sharing.Labelling;

/// <summary>The places where a canonical body can be cut. A view leaves out these spans, so it costs a copy and no parse. Spans are members
/// (`"note":[…]`) or items of arrays, without commas; in order of their start, nested ones after the one around them.
/// src/docs/sharing.md#views</summary>
internal sealed class CutList
{
    public const byte Cut = 0, Container = 1, Meta = 2, MetaPart = 3;

    /// <param name="Kind">Cut: left out when its mask is not permitted. Container: an array or `_x` object that is left out when nothing
    /// remains in it. Meta: the resource's `meta` member, or with length 0 the place for one. MetaPart: rewritten by a view, see
    /// MetaPart.</param>
    /// <param name="Mask">For a cut and for a part of `meta`.</param>
    /// <param name="Part">Which part of `meta`.</param>
    public record struct Entry(byte Kind, int Start, int Length, long Mask, MetaPart Part)
    {
        public readonly int End => Start + Length;
    }

    public List<Entry> Entries { get; } = [];

    /// <summary>Masks by node of the body, in the order in which a parser of the body meets the nodes, as runs of equal ones.</summary>
    public List<(long Mask, int Count)> Nodes { get; } = [];

    public void AddNodes(long mask, int count = 1)
    {
        if (Nodes.Count > 0 && Nodes[^1].Mask == mask) Nodes[^1] = (mask, Nodes[^1].Count + count);
        else Nodes.Add((mask, count));
    }

    /// <summary>True where cuts in arrays of primitives and their `_x` depend on each other: then views are pruned as trees.</summary>
    public bool NeedsTree { get; set; }
}

/// <summary>Parts of a resource's `meta`. For `extension`, `security` and `tag` the span is the text between the brackets, for `profile`
/// and `source` the whole member, for the others the value with its quotes.</summary>
internal enum MetaPart : byte { Id, Extension, VersionId, LastUpdated, Source, Profile, Security, Tag }
