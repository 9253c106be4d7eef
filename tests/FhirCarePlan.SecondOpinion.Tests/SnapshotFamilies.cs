using System.Text.RegularExpressions;
using FhirCarePlan.Fhir.Definitions;

namespace FhirCarePlan.SecondOpinion.Tests;

/// <summary>The habits in which the two generators differ; `tests/cases/second-opinion/snapshots.json` says of each who is right.</summary>
/// <param name="ours">All lines of our snapshot: `id kind rest`.</param>
internal sealed partial class SnapshotFamilies(HashSet<string> ours)
{
    public const string Unknown = "unknown";

    /// <summary>Rules that a data type states of itself: `ref-1`, `per-1`; `sqty-1` is SimpleQuantity's.</summary>
    private static readonly HashSet<string> OfTypes = [.. R4.DataTypes.SelectMany(t => R4.Type(t)!.Invariants)
        .Select(i => i.Key), "sqty-1"];

    private readonly HashSet<string> copies = [.. ours.Where(l => l.Contains(" contentReference ", StringComparison.Ordinal)).Select(Id)];

    public string OfOurs(string line) =>
        Kind(line) == "contentReference" || line.Contains(" rule ele-1 ", StringComparison.Ordinal) && copies.Contains(Id(line))
            ? "content-reference"
        : IsSaidOfAllSlices(line) ? "said-of-all-slices" : Unknown;

    public string OfTheirs(string line) =>
        Kind(line) switch
        {
            "contentReference" => "content-reference",
            "slicing" when line.EndsWith("xtension slicing value:url open", StringComparison.Ordinal) => "extensions-are-sliced",
            "rule" when OfTypes.Contains(line.Split(' ')[2]) => "rules-of-types",
            "binding" when line.Contains("/duration-units", StringComparison.Ordinal) => "rules-of-types",
            // Ours says of the slice what is said of all; theirs what the type says.
            "is" or "binding" or "type" when ours.Any(o => Id(o) == Id(line) && Kind(o) == Kind(line) && IsSaidOfAllSlices(o)) =>
                "said-of-all-slices",
            _ => Unknown,
        };

    /// <summary>The same line stands at the element that the slices are of. https://hl7.org/fhir/R4/profiling.html#slicing</summary>
    private bool IsSaidOfAllSlices(string line) =>
        Slice().Matches(Id(line)).Any(slice => ours.Contains(line.Remove(slice.Index, slice.Length)));

    private static string Id(string line) => line[..line.IndexOf(' ')];
    private static string Kind(string line) => line.Split(' ')[1];

    [GeneratedRegex(@":[A-Za-z0-9\\-]+")]
    private static partial Regex Slice();
}
