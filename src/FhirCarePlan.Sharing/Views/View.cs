using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing.Labelling;

namespace FhirCarePlan.Sharing.Views;

/// <summary>The version that a caller's view shows as current, where it is not the stored one.</summary>
/// <param name="LastUpdated">As `meta.lastUpdated` is written.</param>
public readonly record struct ViewVersion(string Id, string LastUpdated);

/// <summary>A stored resource as one caller sees it: a copy of its bytes without the spans that are not permitted, with `meta` rewritten.
/// Call it only for a resource that the caller sees at all: `(rootMask &amp; ~permitted) == 0`. src/docs/sharing.md#the-promise,
/// src/docs/sharing.md#views</summary>
public static class View
{
    /// <summary>Returns the stored array itself if nothing is left out, marked or replaced.</summary>
    /// <param name="labels">As packed for exactly this body.</param>
    /// <param name="marks">Tell the caller that they lack something the type can carry; null for a caller who lacks nothing.</param>
    public static byte[] Write(byte[] body, ReadOnlySpan<byte> labels, long permitted, ViewMarks? marks, ViewVersion? version = null)
    {
        var reader = new LabelReader(labels);
        if ((reader.Root & ~permitted) != 0) throw new InvalidOperationException("A caller is shown what he may not know of");
        if (marks is null && version is null && !reader.HidesAny(permitted)) return body;
        if (reader.NeedsTree) return Prune(body, labels, permitted, marks, version);
        var cutter = new Cutter(body, body.Length + (marks?.Length ?? 0) + 256);
        try
        {
            cutter.Run(reader, permitted, marks, version);
            return cutter.Written.ToArray();
        }
        finally
        {
            cutter.Return();
        }
    }

    /// <summary>The slow way: reads the body, writes the permitted part as a tree, then labels it again to write `meta` the usual
    /// way.</summary>
    private static byte[] Prune(byte[] body, ReadOnlySpan<byte> labels, long permitted, ViewMarks? marks, ViewVersion? version)
    {
        using var document = JsonParser.Parse(body, new Report()) ?? throw new InvalidOperationException("A stored body is not R4");
        var pruned = CanonicalJson.Write(document, new WriteOptions { Labels = LabelBytes.Unpack(labels), Permitted = permitted });
        using var rest = JsonParser.Parse(pruned, new Report()) ?? throw new InvalidOperationException("A view is not R4");
        return Write(pruned, LabelBytes.Pack(rest, Labels.None(rest), pruned), -1, marks, version);
    }
}
