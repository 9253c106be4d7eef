using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Definitions.Profiles;
using FhirCarePlan.Fhir.Validation.Rules;

namespace FhirCarePlan.Fhir.Validation.Compiling;

/// <summary>Turns slices and their discriminators into tests, once. https://hl7.org/fhir/R4/profiling.html#discriminator</summary>
internal sealed class SlicingCompiler(ProfileCompiler compiler, Shapes shapes, string profile)
{
    private readonly List<Slice> slices = [];

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
        var index = slices.Count;
        slices.Add(new Slice(slice.SliceName ?? "", within, isDefault, matches, definition.Min ?? 0, definition.Max ?? int.MaxValue,
            rules));
        foreach (var part in slice.Slices) Add(part, slice, definition.Slicing ?? slicing, index, info);
    }

    /// <summary>Null when the slice does not define the discriminator's value.</summary>
    private IMatch? Match(SnapshotElement slice, Discriminator discriminator, ElementInfo info)
    {
        if (discriminator is { Path: "url" } && info.Name is "extension" or "modifierExtension" && Url(slice) is { } url)
            return new UrlMatch(url);
        if (SlicePath.Parse(discriminator.Path) is not { } steps) return null;
        if (discriminator.Type is "type" or "profile" && steps is [.., { Kind: StepKind.Resolve }])
            return ByTarget(slice, steps, discriminator.Type == "profile");
        var targets = SlicePath.Find(slice, steps, 0, SnapshotOf).ToList();
        return discriminator.Type switch
        {
            "exists" => Exists(targets, steps),
            // A choice that is sliced by type says it in its slices.
            "type" =>
                targets.Where(t => t.Slices.Count == 0).SelectMany(t => t.Definition.Types).Select(t => t.Code).Distinct()
                .ToArray() is { Length: > 0 } types ? new PathMatch<TypeTest>(steps, new TypeTest(types)) : null,
            "profile" =>
                targets.SelectMany(t => t.Definition.Types).SelectMany(t => t.Profiles).Distinct().ToArray() is { Length: > 0 } profiles
                ? new PathMatch<ProfileTest>(steps, new ProfileTest(profiles, shapes)) : null,
            _ => ByValue(targets, steps),
        };
    }

    /// <summary>The address of the extension a slice speaks of: that of its definition, or given in the slice itself.</summary>
    private string? Url(SnapshotElement slice)
    {
        if (slice.Child("url") is { } given && given.Definition.Fixed is { IsMissing: false, HasValue: true } value) return value.Text;
        return slice.Definition.Types is [{ Profiles: [var canonical] }] ? DefinitionSet.Plain(canonical) : null;
    }

    private static IMatch? Exists(List<SnapshotElement> targets, Step[] steps)
    {
        if (targets.Any(t => t.Definition.Max == 0)) return new ExistsMatch(steps, false);
        return targets.Any(t => t.Definition.Min > 0) ? new ExistsMatch(steps, true) : null;
    }

    private IMatch? ByValue(List<SnapshotElement> targets, Step[] steps)
    {
        var tests = targets.Select(t => Value(t)).OfType<ITest>().ToArray();
        return tests.Length switch
        {
            0 => null,
            1 => new PathMatch<ITest>(steps, tests[0]),
            _ => new PathMatch<ITest>(steps, new AnyTest(tests))
        };
    }

    /// <summary>A definition's statement on a value: a fixed value, a pattern, a required set of codes, or the same of its parts.</summary>
    private ITest? Value(SnapshotElement element)
    {
        var definition = element.Definition;
        if (!definition.Fixed.IsMissing) return new FixedTest(definition.Fixed);
        if (!definition.Pattern.IsMissing) return new PatternTest(definition.Pattern);
        var parts = new List<ITest>();
        foreach (var child in element.Children)
            foreach (var part in child.Slices.Prepend(child))
                if (part.Definition.Min > 0 || part.Definition.Max == 1 || child.Slices.Count == 0)
                    if (Value(part) is { } test) parts.Add(new PartTest(child.Name, test));
        if (parts.Count > 0) return new AllTest([.. parts]);
        if (definition.Binding is { Strength: BindingStrength.Required, ValueSet: { } valueSet }
            && shapes.Definitions.ValueSet(valueSet) is { } codes
            && (element.Info?.Binding is not { Strength: BindingStrength.Required } b || b.ValueSet != valueSet))
            return new CodesTest(codes);
        if (element.Children.Count == 0 && definition.Types is [{ Profiles: [var canonical] }] && SnapshotOf(canonical) is { } snapshot)
            return Value(snapshot.Root);
        return null;
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
