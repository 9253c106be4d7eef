using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Definitions.Profiles;
using FhirCarePlan.Fhir.Validation.Rules;

namespace FhirCarePlan.Fhir.Validation.Compiling;

/// <summary>Turns slices and their discriminators into tests, once. https://hl7.org/fhir/R4/profiling.html#discriminator</summary>
internal sealed class SlicingCompiler(ProfileCompiler compiler, Shapes shapes, string profile)
{
    private readonly List<Slice> slices = [];
    private readonly SliceValue values = new(shapes);

    public Slicer Compile(SnapshotElement element, ElementInfo info)
    {
        var slicing = element.Definition.Slicing ?? new Slicing([], false, SlicingRules.Open);
        foreach (var slice in element.Slices) Add(slice, element, slicing, -1, info);
        var urls = slices.Select((s, i) => (Slice: s, Index: i)).Where(s => s.Slice.Within < 0).ToList();
        var byUrl = urls.All(u => u.Slice.Matches is [UrlMatch])
            ? new Utf8Table<int>(urls.Select(u => KeyValuePair.Create(((UrlMatch)u.Slice.Matches[0]).Url, u.Index)).DistinctBy(p => p.Key))
                : null;
        return new Slicer(info, slicing, [.. slices], byUrl, profile);
    }

    private void Add(SnapshotElement slice, SnapshotElement of, Slicing slicing, int within, ElementInfo info)
    {
        var definition = slice.Definition;
        var rules = compiler.Slice(slice, of, info);
        var isDefault = slice.SliceName == "@default";
        var matches = isDefault ? [] : slicing.Discriminators.Select(d => Match(slice, d, info)).OfType<IMatch>().ToArray();
        // Nothing tells the slice from others: what meets its rules falls into it.
        if (matches.Length == 0 && !isDefault) matches = [new MeetsMatch(rules)];
        var own = definition.Slicing ?? new Slicing(slicing.Discriminators, false, SlicingRules.Open);
        var index = slices.Count;
        slices.Add(new Slice(slice.SliceName ?? "", within, isDefault, matches, definition.Min ?? 0, definition.Max ?? int.MaxValue,
            rules, slice.Slices.Count > 0 ? own : null));
        foreach (var part in slice.Slices) Add(part, slice, own, index, info);
    }

    /// <summary>Null when the slice does not define the discriminator's value.</summary>
    private IMatch? Match(SnapshotElement slice, Discriminator discriminator, ElementInfo info)
    {
        if (discriminator is { Path: "url" } && info.Name is "extension" or "modifierExtension" && SlicePath.ExtensionUrl(slice) is { } url)
            return new UrlMatch(url);
        if (SlicePath.Parse(discriminator.Path) is not { } steps) return null;
        if (discriminator.Type is "type" or "profile" && steps is [.., { Kind: StepKind.Resolve }])
            return ByTarget(slice, steps, discriminator.Type == "profile");
        var targets = SlicePath.Find(slice, steps, 0, SnapshotOf).ToList();
        return discriminator.Type switch
        {
            "exists" => Exists(slice, steps),
            // A choice that is sliced by type says it in its slices.
            "type" =>
                targets.Where(t => t.Slices.Count == 0).SelectMany(t => t.Definition.Types).Select(t => t.Code).Distinct()
                .ToArray() is { Length: > 0 } types ? new PathMatch<TypeTest>(steps, new TypeTest(types)) : null,
            "profile" =>
                targets.SelectMany(t => t.Definition.Types).SelectMany(t => t.Profiles).Distinct().ToArray() is { Length: > 0 } profiles
                ? new PathMatch<ProfileTest>(steps, new ProfileTest(profiles, shapes)) : null,
            _ => values.At(slice, steps) is { } test ? new TestMatch(test) : null,
        };
    }

    /// <summary>The element at the path must occur, or must not.</summary>
    private IMatch? Exists(SnapshotElement slice, Step[] steps)
    {
        for (var length = 1; length <= steps.Length; length++)
            if (SlicePath.Find(slice, steps[..length], 0, SnapshotOf).Any(e => e.Definition.Max == 0 && IsWhole(e, steps[length - 1])))
                return new ExistsMatch(steps, false);
        return SlicePath.Find(slice, steps, 0, SnapshotOf).Any(e => e.Definition.Min > 0) || IsGiven(slice, steps)
            ? new ExistsMatch(steps, true) : null;

        // That one slice of an element must not occur says nothing of the others.
        static bool IsWhole(SnapshotElement element, Step step) => element.SliceName == null || step.Kind == StepKind.Extension;
    }

    /// <summary>True when a fixed value or pattern of the slice, or of an element that it requires, has the element at the path.</summary>
    private bool IsGiven(SnapshotElement slice, Step[] steps)
    {
        for (var length = 0; length < steps.Length; length++)
            foreach (var element in SlicePath.Find(slice, steps[..length], 0, SnapshotOf))
                if ((length == 0 || element.Definition.Min > 0)
                    && (SlicePath.All(element.Definition.Fixed, steps.AsSpan(length)).Count > 0
                        || SlicePath.All(element.Definition.Pattern, steps.AsSpan(length)).Count > 0)) return true;
        return false;
    }

    /// <summary>The targets of a reference, as far as they are known.</summary>
    private IMatch? ByTarget(SnapshotElement slice, Step[] steps, bool byProfile)
    {
        var references = steps[..^1];
        var canonicals = SlicePath.Find(slice, references, 0, SnapshotOf).SelectMany(t => t.Definition.Types).SelectMany(t => t.Targets)
            .Distinct().ToArray();
        if (canonicals.Length == 0) return null;
        var targets = canonicals.Select(c => BaseSnapshot.TypeOf(c) is { } type ? new AllowedTarget(type.Name, null)
            : new AllowedTarget(shapes.Definitions.Profile(c)?.Type ?? "Resource", byProfile ? c : null)).ToArray();
        return new PathMatch<TargetTest>(references, new TargetTest(new ReferenceRule(targets, profile, shapes)));
    }

    private Snapshot? SnapshotOf(string canonical) => shapes.Definitions.Snapshot(canonical);
}
