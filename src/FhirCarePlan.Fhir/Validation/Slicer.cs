using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Definitions.Profiles;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation;

/// <summary>One slice: which instances fall into it, how many may, and what holds for them.</summary>
/// <param name="Within">Index of the slice this one divides further; -1 for none.</param>
/// <param name="IsDefault">The slice `@default` takes what falls into no other.</param>
internal sealed record Slice(string Name, int Within, bool IsDefault, IMatch[] Matches, int Min, int Max, ElementRules Rules);

/// <summary>Decides by compiled discriminators whether an instance falls into a slice.</summary>
internal interface IMatch
{
    bool Matches(Node node, Run run);
}

/// <summary>Sorts the repetitions of an element into slices. https://hl7.org/fhir/R4/profiling.html#slicing</summary>
/// <param name="byUrl">Slices of extensions by their address; null when the discriminators ask for more.</param>
internal sealed class Slicer(ElementInfo info, Slicing slicing, Slice[] slices, Utf8Table<int>? byUrl, string profile)
{
    /// <summary>True when some slice must occur, so that an absent element is wrong.</summary>
    public bool IsRequired { get; } = Array.Exists(slices, s => s is { Min: > 0, Within: -1 });

    /// <param name="first">The first repetition, or Missing when there is none.</param>
    public void Check(Node parent, Node first, Run run)
    {
        Span<int> counts = stackalloc int[slices.Length];
        counts.Clear();
        var last = -1;
        var unmatched = false;
        for (var node = first; !node.IsMissing && node.Element!.Order == info.Order; node = node.NextSibling)
        {
            var slice = byUrl != null ? ByUrl(node) : Find(node, -1, run);
            if (slice < 0)
            {
                unmatched = true;
                if (slicing.Rules == SlicingRules.Closed)
                    run.Error(IssueType.Structure, node, "slice-closed",
                        $"`{info.Name}` belongs to none of the slices {string.Join(", ", slices.Select(s => $"`{s.Name}`"))}, and the "
                        + $"profile allows no others", profile);
                continue;
            }
            if (slicing.Ordered && slice < last)
                run.Error(IssueType.Structure, node, "slice-order", $"`{slices[slice].Name}` must come before `{slices[last].Name}`",
                profile);
            if (unmatched && slicing.Rules == SlicingRules.OpenAtEnd)
                run.Error(IssueType.Structure, node, "slice-order", $"`{slices[slice].Name}` must come before others", profile);
            last = Math.Max(last, slice);
            for (; slice >= 0; slice = Find(node, slice, run))
            {
                counts[slice]++;
                Walk.Element(node, slices[slice].Rules, run);
            }
        }
        for (var i = 0; i < slices.Length; i++)
        {
            var (slice, count) = (slices[i], counts[i]);
            if ((count >= slice.Min && count <= slice.Max) || (slice.Within >= 0 && counts[slice.Within] == 0)) continue;
            run.Error(count < slice.Min ? IssueType.Required : IssueType.Structure, parent, "slice-cardinality",
                $"`{slice.Name}` of `{info.Name}` occurs {count} times; it must occur {Rules.Cardinality.Range(slice.Min, slice.Max)}",
                    profile);
        }
    }

    private int ByUrl(Node extension) =>
        extension.First(Rules.ExtensionRule.Url) is { IsMissing: false } url && byUrl!.TryGet(url.Utf8, out var slice) ? slice : -1;

    private int Find(Node node, int within, Run run)
    {
        var otherwise = -1;
        for (var i = 0; i < slices.Length; i++)
        {
            var slice = slices[i];
            if (slice.Within != within) continue;
            if (slice.IsDefault) otherwise = i;
            else if (All(slice.Matches, node, run)) return i;
        }
        return otherwise;
    }

    private static bool All(IMatch[] matches, Node node, Run run)
    {
        foreach (var match in matches)
            if (!match.Matches(node, run)) return false;
        return true;
    }
}
