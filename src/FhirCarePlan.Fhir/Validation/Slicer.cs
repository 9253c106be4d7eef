using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Definitions.Profiles;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation;

/// <summary>One slice: which instances fall into it, how many may, and what holds for them.</summary>
/// <param name="Within">Index of the slice this one divides further; -1 for none.</param>
/// <param name="IsDefault">The slice `@default` takes what falls into no other.</param>
/// <param name="Slicing">How its own slices divide it; null when there are none.</param>
internal sealed record Slice(string Name, int Within, bool IsDefault, IMatch[] Matches, int Min, int Max, ElementRules Rules, Slicing? Slicing);

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
        // By the slice that is divided; the element itself comes first.
        Span<Order> orders = stackalloc Order[slices.Length + 1];
        orders.Fill(Order.None);
        var (isUndecided, outer) = (false, run.IsSliceUndecided);
        for (var node = first; !node.IsMissing && node.Element!.Order == info.Order; node = node.NextSibling)
        {
            var within = -1;
            for (var rules = slicing; rules != null; rules = slices[within].Slicing)
            {
                run.IsSliceUndecided = false;
                var slice = byUrl != null && within < 0 ? ByUrl(node) : Find(node, within, run);
                if (slice < 0) isUndecided |= run.IsSliceUndecided;
                CheckPlace(node, slice, within, rules, ref orders[within + 1], run);
                if (slice < 0) break;
                counts[slice]++;
                Walk.Element(node, slices[slice].Rules, run);
                within = slice;
            }
        }
        run.IsSliceUndecided = outer;
        for (var i = 0; i < slices.Length; i++)
        {
            var (slice, count) = (slices[i], counts[i]);
            if ((count >= slice.Min && count <= slice.Max) || (slice.Within >= 0 && counts[slice.Within] == 0)) continue;
            // It may be there: codes decide, and nobody here knows them.
            if (count < slice.Min && isUndecided) continue;
            run.Error(count < slice.Min ? IssueType.Required : IssueType.Structure, parent, "slice-cardinality",
                $"`{slice.Name}` of `{info.Name}` occurs {count} times; it must occur {Rules.Cardinality.Range(slice.Min, slice.Max)}",
                    profile);
        }
    }

    /// <summary>The greatest slice so far, and whether something was in none.</summary>
    private readonly record struct Order(int Last, bool HasOthers)
    {
        public static readonly Order None = new(-1, false);
    }

    private string Names(int within) => string.Join(", ", slices.Where(s => s.Within == within).Select(s => $"`{s.Name}`"));

    private void CheckPlace(Node node, int slice, int within, Slicing rules, ref Order order, Run run)
    {
        if (slice < 0)
        {
            order = order with { HasOthers = true };
            if (rules.Rules != SlicingRules.Closed) return;
            var names = Names(within);
            if (run.IsSliceUndecided)
                run.Warning(IssueType.NotSupported, node, "slice-closed",
                    $"`{info.Name}` could not be checked: codes that are not known here decide whether it is one of the slices {names}", profile);
            else
                run.Error(IssueType.Structure, node, "slice-closed",
                    $"`{info.Name}` belongs to none of the slices {names}, and the profile allows no others", profile);
            return;
        }
        if (rules.Ordered && slice < order.Last)
            run.Error(IssueType.Structure, node, "slice-order", $"`{slices[slice].Name}` must come before `{slices[order.Last].Name}`", profile);
        if (order.HasOthers && rules.Rules == SlicingRules.OpenAtEnd)
            run.Error(IssueType.Structure, node, "slice-order", $"`{slices[slice].Name}` must come before others", profile);
        order = order with { Last = Math.Max(order.Last, slice) };
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
