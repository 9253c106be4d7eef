using System.Collections;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Labelling;

/// <summary>The mask of every node of one document, by node index. A node may be seen where `(mask &amp; ~permitted) == 0`.</summary>
public sealed class Labels : IReadOnlyList<long>
{
    private readonly long[] masks;

    private readonly long wide, other;

    internal Labels(long[] masks, long wide, long other, IReadOnlyList<string> references) =>
        (this.masks, this.wide, this.other, References) = (masks, wide, other, references);

    /// <summary>Nothing labelled.</summary>
    internal static Labels None(Document document) => new(new long[document.Count], 0, 0, []);

    public long this[int node] => masks[node];
    public int Count => masks.Length;

    /// <summary>A caller who lacks one of these does not see the resource at all.</summary>
    public long Root => masks[0];

    internal long OfMeta(string element) => element == "extension" ? other : OfMeta(element, wide, other);

    /// <summary>The labels of a part of `meta` beyond the resource's own. Versions, times and security labels have none. Source and tags
    /// belong to no category, so they are `other`. A claimed profile is for callers who see everything the profile asks for.</summary>
    /// <param name="wide">What a caller needs for a whole view of the type.</param>
    internal static long OfMeta(string element, long wide, long other) =>
        element switch
        {
            "profile" => wide,
            "source" or "tag" => other,
            _ => 0,
        };

    /// <summary>The targets of the document's references (`Condition/x`), in document order: if the root labels of one change, this
    /// document must be labelled again. The person reference is not among them.</summary>
    public IReadOnlyList<string> References { get; }

    /// <summary>All labels that occur.</summary>
    public long Union
    {
        get
        {
            var union = 0L;
            foreach (var mask in masks) union |= mask;
            return union;
        }
    }

    public IEnumerator<long> GetEnumerator() => ((IEnumerable<long>)masks).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => masks.GetEnumerator();
}
