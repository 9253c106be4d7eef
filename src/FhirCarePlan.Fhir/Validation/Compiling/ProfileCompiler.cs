using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Definitions.Profiles;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation.Rules;

namespace FhirCarePlan.Fhir.Validation.Compiling;

/// <summary>Turns a snapshot into tables of what it adds to base R4, which is checked anyway. A slice is compiled against the element that
/// it slices, because that element's rules hold for it too.</summary>
internal sealed class ProfileCompiler(Shapes shapes, string profile)
{
    public Shape Compile(SnapshotElement root, TypeInfo type) =>
        Table(root, type, null, [.. root.Definition.Constraints.Select(c => new InvariantRule(c, profile))]);

    private Shape Table(SnapshotElement element, TypeInfo type, SnapshotElement? inherited, IRule[] rules)
    {
        var elements = new ElementRules?[type.Elements.Count];
        ulong required = 0;
        foreach (var child in element.Children)
        {
            if (type.Element(child.Name) is not { } info || Element(child, inherited?.Child(child.Name), info) is not { } compiled)
                continue;
            elements[info.Order] = compiled;
            if (compiled.Min > 0 || compiled.Slicer is { IsRequired: true }) required |= 1UL << info.Order;
        }
        return new Shape { Type = type, Profile = profile, Elements = elements, Required = required, Rules = rules };
    }

    /// <summary>Null when the profile adds nothing to what holds already.</summary>
    private ElementRules? Element(SnapshotElement element, SnapshotElement? inherited, ElementInfo info)
    {
        if (ReferenceEquals(element, inherited)) return null;
        var (definition, before) = (element.Definition, (inherited ?? BaseSnapshot.Of(info)).Definition);
        var rules = Rules(definition, before, info);
        var below = Below(element, inherited, info);
        var slicer = element.Slices.Count > 0 && !SameSlices(element, inherited)
            ? new SlicingCompiler(this, shapes, profile).Compile(element, info) : null;
        var min = definition.Min is { } least && least > before.Min ? least : 0;
        var max = definition.Max is { } most && most < before.Max ? most : int.MaxValue;
        if (min == 0 && max == int.MaxValue && rules.Length == 0 && below == null && slicer == null) return null;
        return new ElementRules
        {
            Info = info, Profile = profile, Min = min, Max = max, Rules = rules, Below = below, Slicer = slicer,
            Allowed = (definition.Min ?? info.Min, definition.Max ?? info.Max),
        };
    }

    /// <summary>The rules for an instance that falls into a slice; how many may is the slicer's.</summary>
    public ElementRules Slice(SnapshotElement slice, SnapshotElement of, ElementInfo info) => new()
    {
        Info = info,
        Profile = profile,
        Rules = Rules(slice.Definition, of.Definition, info),
        Below = Below(slice, of, info),
    };

    private static bool SameSlices(SnapshotElement element, SnapshotElement? inherited) =>
        inherited != null && element.Slices.Count == inherited.Slices.Count && element.Slices.Zip(inherited.Slices)
            .All(p => ReferenceEquals(p.First, p.Second));

    private Below? Below(SnapshotElement element, SnapshotElement? inherited, ElementInfo info)
    {
        if (element.Children.Count == 0 || (inherited != null && ReferenceEquals(element.Children, inherited.Children))) return null;
        var below = new Below(type => Table(element, type, inherited, []) is { IsEmpty: false } table ? table : null);
        // One type known now: find out now whether there is anything to check.
        if (info.Types is [var only] && !only.Type.IsResource) return below.For(only.Type) == null ? null : below;
        return below;
    }

    /// <param name="before">What holds already: of base R4, or of the element that this one is a slice of.</param>
    private IRule[] Rules(ElementDefinition definition, ElementDefinition before, ElementInfo info)
    {
        var rules = new List<IRule>();
        AddTypes(definition, before, info, rules);
        if (!definition.Fixed.IsMissing && definition.Fixed != before.Fixed) rules.Add(new FixedRule(definition.Fixed, profile));
        if (!definition.Pattern.IsMissing && definition.Pattern != before.Pattern) rules.Add(new PatternRule(definition.Pattern, profile));
        if (!definition.MinValue.IsMissing && definition.MinValue != before.MinValue)
            rules.Add(new LimitRule(definition.MinValue, false, profile));
        if (!definition.MaxValue.IsMissing && definition.MaxValue != before.MaxValue)
            rules.Add(new LimitRule(definition.MaxValue, true, profile));
        if (definition.MaxLength is { } most && most != before.MaxLength) rules.Add(new MaxLengthRule(most, profile));
        if (definition.MinLength is { } least && least != before.MinLength) rules.Add(new MinLengthRule(least, profile));
        if (definition.MustHaveValue && !before.MustHaveValue) rules.Add(new MustHaveValueRule(profile));
        AddBinding(definition, before, rules);
        if (info.Types[0].TypeName == "Narrative" && !definition.Source.IsMissing && definition.Source != before.Source)
            AddLanguages(definition, rules);
        rules.AddRange(Invariants(definition.Constraints, before.Constraints));
        return [.. rules];
    }

    private void AddBinding(ElementDefinition definition, ElementDefinition before, List<IRule> rules)
    {
        if (definition.Binding is not { } binding || binding == before.Binding) return;
        if (binding is { Strength: >= BindingStrength.Extensible, ValueSet: { } valueSet }
            && (before.Binding is not { } already || already.ValueSet != valueSet || already.Strength < binding.Strength))
            rules.Add(new BindingRule(Codes(valueSet), binding.Strength.Value, profile));
        if (binding.MaxValueSet is { } max) rules.Add(new BindingRule(Codes(max), BindingStrength.Required, profile));
    }

    private void AddLanguages(ElementDefinition definition, List<IRule> rules)
    {
        var wanted = definition.Source.All("extension").ToList()
            .Where(e => e.TextOf("url") == "http://hl7.org/fhir/StructureDefinition/narrative-language-control")
                .Select(e => e.TextOf("value")).OfType<string>().ToList();
        if (wanted.Count > 0) rules.Add(new NarrativeLanguageRule(wanted, profile));
    }

    private ICodes Codes(string canonical) => shapes.Definitions.ValueSet(canonical) ?? new NoCodes(canonical);

    private void AddTypes(ElementDefinition definition, ElementDefinition before, ElementInfo info, List<IRule> rules)
    {
        var types = definition.Types;
        if (types.Count == 0 || ReferenceEquals(types, before.Types)) return;
        var codes = types.Select(t => t.Code).Distinct().ToArray();
        if (!before.Types.All(t => codes.Contains(t.Code))) rules.Add(new TypeRule(codes, info.IsChoice, profile));
        foreach (var group in types.GroupBy(t => t.Code))
        {
            if (group.Key == "Reference") AddTargets([.. group], info, rules);
            // A known extension is checked wherever it is used.
            else if (group.Key != "Extension" && group.All(t => t.Profiles.Count > 0)
                && !before.Types.Any(t => t.Code == group.Key && group.All(g => g.Profiles.SequenceEqual(t.Profiles))))
                rules.Add(new ProfileRule(group.Key, [.. group.SelectMany(t => t.Profiles).Distinct()], profile, shapes));
        }
    }

    private void AddTargets(ElementType[] references, ElementInfo info, List<IRule> rules)
    {
        if (references.SelectMany(r => r.Aggregation).Distinct().ToList() is { Count: > 0 } modes)
            rules.Add(new AggregationRule(modes, profile));
        if (references.Any(r => r.Targets.Count == 0)) return;
        var targets = references.SelectMany(r => r.Targets).Distinct().Select(Target).ToArray();
        var same = info.Choice("Reference") is { } choice && targets.All(t => t.Canonical == null) && choice.Targets.Count > 0
            && choice.Targets.All(c => targets.Any(t => t.Type == c));
        if (!same && !targets.Any(t => t is { Type: "Resource", Canonical: null })) rules.Add(new ReferenceRule(targets, profile, shapes));
    }

    /// <summary>A profile that is unknown here could be a profile of any type.</summary>
    private AllowedTarget Target(string canonical) =>
        BaseSnapshot.TypeOf(canonical) is { } type ? new AllowedTarget(type.Name, null)
        : shapes.Definitions.Profile(canonical) is { } known ? new AllowedTarget(known.Type, canonical)
        : new AllowedTarget("Resource", canonical);

    private IEnumerable<IRule> Invariants(IReadOnlyList<Invariant> constraints, IReadOnlyList<Invariant> before)
    {
        foreach (var constraint in constraints)
            if (before.All(b => b.Key != constraint.Key)) yield return new InvariantRule(constraint, profile, isOfElement: true);
    }

    private sealed record NoCodes(string Canonical) : ICodes
    {
        public bool? Contains(string? system, string code) => null;
        public IReadOnlyList<string> Some => [];
    }
}
