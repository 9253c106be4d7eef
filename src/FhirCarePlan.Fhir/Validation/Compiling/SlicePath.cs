using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Definitions.Profiles;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Compiling;

internal enum StepKind { Child, Extension, OfType, Resolve }

/// <summary>One step of a discriminator's path: `coding`, `extension('url')`, `ofType(Quantity)`, `resolve()`.</summary>
internal readonly record struct Step(StepKind Kind, string Name);

/// <summary>A discriminator's path, the small part of FHIRPath that it may use.
/// https://hl7.org/fhir/R4/profiling.html#discriminator</summary>
internal static class SlicePath
{
    /// <summary>Null when the path is none that a discriminator may have.</summary>
    public static Step[]? Parse(string path)
    {
        var steps = new List<Step>();
        for (var at = 0; at < path.Length;)
        {
            var end = at;
            for (var depth = 0; end < path.Length && (depth > 0 || path[end] != '.'); end++)
                depth += path[end] switch { '(' => 1, ')' => -1, _ => 0 };
            var part = path[at..end].Trim();
            at = end + 1;
            if (part is "$this" or "") continue;
            var open = part.IndexOf('(');
            if (open < 0)
            {
                steps.Add(new Step(StepKind.Child, part.EndsWith("[x]", StringComparison.Ordinal) ? part[..^3] : part));
                continue;
            }
            var argument = part[(open + 1)..^1].Trim('\'', '"', ' ');
            StepKind? kind = part[..open] switch
            {
                "extension" => StepKind.Extension,
                "ofType" or "as" => StepKind.OfType,
                "resolve" => StepKind.Resolve,
                _ => null
            };
            if (kind == null || !part.EndsWith(')')) return null;
            steps.Add(new Step(kind.Value, argument));
        }
        return [.. steps];
    }

    /// <summary>True when some node at the path passes the test; nothing is collected on the way.</summary>
    public static bool Any<T>(Node node, ReadOnlySpan<Step> steps, Run run, in T test) where T : ITest
    {
        if (steps.IsEmpty) return test.Passes(node, run);
        var step = steps[0];
        var rest = steps[1..];
        switch (step.Kind)
        {
            case StepKind.OfType:
                return node.Type.Is(step.Name) && Any(node, rest, run, test);
            case StepKind.Resolve:
                var target = node.TextOf("reference") is { } literal ? run.References.BundledTarget(node, literal) : Node.Missing;
                return !target.IsMissing && Any(target, rest, run, test);
            case StepKind.Extension:
                foreach (var extension in node.All("extension"))
                    if (extension.TextOf("url") == step.Name && Any(extension, rest, run, test)) return true;
                return false;
            default:
                foreach (var child in node.All(step.Name))
                    if (Any(child, rest, run, test)) return true;
                return false;
        }
    }

    /// <summary>The elements of a slice's definition at the path; those of slices within the slice among them.</summary>
    public static IEnumerable<SnapshotElement> Find(SnapshotElement element, Step[] steps, int at, Func<string, Snapshot?> snapshotOf) =>
        at == steps.Length ? [element] : Next(element, steps[at], snapshotOf).SelectMany(e => Find(e, steps, at + 1, snapshotOf));

    /// <summary>One step from an element of a definition; a step into an element leads to its slices, too.</summary>
    public static IEnumerable<SnapshotElement> Next(SnapshotElement element, Step step, Func<string, Snapshot?> snapshotOf)
    {
        switch (step.Kind)
        {
            case StepKind.OfType:
                var types = element.Definition.Types;
                return types.Count == 0 || types.Any(t => t.Code == step.Name) ? [element] : [];
            case StepKind.Resolve:
                return element.Definition.Types.SelectMany(t => t.Targets).Select(snapshotOf).OfType<Snapshot>().Select(s => s.Root);
            case StepKind.Extension:
                return Below("extension").Where(e => e.SliceName != null && ExtensionUrl(e) == step.Name);
            default:
                return Below(step.Name);
        }

        IEnumerable<SnapshotElement> Below(string name) =>
            Unfolding.Children(element, snapshotOf).Where(c => c.Name == name).SelectMany(AllSlices);
    }

    /// <summary>The nodes of a value at the path: of the fixed value or pattern that a definition gives.</summary>
    public static List<Node> All(Node value, ReadOnlySpan<Step> steps)
    {
        var found = new List<Node>();
        if (!value.IsMissing) Collect(value, steps, found);
        return found;

        static void Collect(Node node, ReadOnlySpan<Step> steps, List<Node> found)
        {
            if (steps.IsEmpty)
            {
                found.Add(node);
                return;
            }
            switch (steps[0].Kind)
            {
                case StepKind.OfType:
                    if (node.Type.Is(steps[0].Name)) Collect(node, steps[1..], found);
                    break;
                case StepKind.Extension:
                    foreach (var extension in node.All("extension"))
                        if (extension.TextOf("url") == steps[0].Name) Collect(extension, steps[1..], found);
                    break;
                case StepKind.Child:
                    foreach (var child in node.All(steps[0].Name)) Collect(child, steps[1..], found);
                    break;
            }
        }
    }

    /// <summary>The address of the extension that a slice speaks of: given in the slice itself, or that of its definition.</summary>
    public static string? ExtensionUrl(SnapshotElement slice)
    {
        if (slice.Child("url") is { } given && given.Definition.Fixed is { IsMissing: false, HasValue: true } value) return value.Text;
        return slice.Definition.Types is [{ Profiles: [var canonical] }] ? DefinitionSet.Plain(canonical) : null;
    }

    private static IEnumerable<SnapshotElement> AllSlices(SnapshotElement element) => element.Slices.SelectMany(AllSlices).Prepend(element);
}

/// <summary>The question to a node at the end of a path.</summary>
internal interface ITest
{
    bool Passes(Node node, Run run);
}
