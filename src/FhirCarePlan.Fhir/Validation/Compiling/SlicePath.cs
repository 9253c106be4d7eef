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
                var target = node.TextOf("reference") is { } literal ? run.References.Target(node, literal) : Node.Missing;
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
    public static IEnumerable<SnapshotElement> Find(SnapshotElement element, Step[] steps, int at, Func<string, Snapshot?> snapshotOf)
    {
        if (at == steps.Length) return [element];
        var step = steps[at];
        if (step.Kind == StepKind.OfType) return Find(element, steps, at + 1, snapshotOf);
        if (step.Kind == StepKind.Resolve)
            return element.Definition.Types.SelectMany(t => t.Targets).Select(snapshotOf).OfType<Snapshot>()
                .SelectMany(s => Find(s.Root, steps, at + 1, snapshotOf));
        var children = Unfolding.Children(element, snapshotOf);
        var name = step.Kind == StepKind.Extension ? "extension" : step.Name;
        var found = children.Where(c => c.Name == name).SelectMany(c => AllSlices(c));
        if (step.Kind == StepKind.Extension)
            found = found.Where(c => c.SliceName != null && c.Definition.Types.Any(t => t.Profiles.Contains(step.Name)));
        return found.SelectMany(c => Find(c, steps, at + 1, snapshotOf));
    }

    private static IEnumerable<SnapshotElement> AllSlices(SnapshotElement element) => element.Slices.SelectMany(AllSlices).Prepend(element);
}

/// <summary>The question to a node at the end of a path.</summary>
internal interface ITest
{
    bool Passes(Node node, Run run);
}
