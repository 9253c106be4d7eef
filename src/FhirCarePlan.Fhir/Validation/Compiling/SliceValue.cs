using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Definitions.Profiles;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Compiling;

/// <summary>Finds the value that a slice's definition gives at a discriminator's path. The value is stated at the end of the path, or in
/// the fixed value or pattern of an element on the way: `type.coding.code` may stand in a pattern of `type`.
/// https://hl7.org/fhir/R4/profiling.html#discriminator</summary>
internal sealed class SliceValue(Shapes shapes)
{
    /// <summary>A test for an instance of the element; null when the definition gives no value at the path.</summary>
    public ITest? At(SnapshotElement element, ReadOnlySpan<Step> path)
    {
        if (path.IsEmpty) return Of(element);
        var tests = new List<ITest>();
        AddGiven(element, path, tests);
        if (Below(element, path) is { } below) tests.Add(below);
        return tests.Count switch { 0 => null, 1 => tests[0], _ => new AllTest([.. tests]) };
    }

    /// <summary>What a fixed value or a pattern has at the path. A profile of the element's type may state it, too.</summary>
    private void AddGiven(SnapshotElement element, ReadOnlySpan<Step> path, List<ITest> tests)
    {
        var definition = element.Definition;
        foreach (var value in SlicePath.All(definition.Fixed, path)) tests.Add(new StepsTest(path.ToArray(), new FixedTest(value)));
        foreach (var value in SlicePath.All(definition.Pattern, path)) tests.Add(new StepsTest(path.ToArray(), new PatternTest(value)));
        if (definition.Types is [{ Profiles: [var canonical] }] && SnapshotOf(canonical) is { } snapshot)
            AddGiven(snapshot.Root, path, tests);
    }

    /// <summary>Slices below are alternatives: one coding of two may carry the value.</summary>
    private ITest? Below(SnapshotElement element, ReadOnlySpan<Step> path)
    {
        var step = path[0];
        var tests = new List<ITest>();
        foreach (var next in SlicePath.Next(element, step, SnapshotOf))
            if (At(next, path[1..]) is { } test) tests.Add(test);
        return tests.Count switch
        {
            0 => null,
            1 => new StepsTest([step], tests[0]),
            _ => new StepsTest([step], new AnyTest([.. tests]))
        };
    }

    /// <summary>A fixed value, a pattern, a required set of codes, or the same of its parts.</summary>
    private ITest? Of(SnapshotElement element)
    {
        var definition = element.Definition;
        if (!definition.Fixed.IsMissing) return new FixedTest(definition.Fixed);
        if (!definition.Pattern.IsMissing) return new PatternTest(definition.Pattern);
        var parts = new List<ITest>();
        foreach (var child in element.Children)
            foreach (var part in child.Slices.Prepend(child))
                if (part.Definition.Min > 0 || part.Definition.Max == 1 || child.Slices.Count == 0)
                    if (Of(part) is { } test) parts.Add(new PartTest(child.Name, test));
        if (parts.Count > 0) return new AllTest([.. parts]);
        if (definition.Binding is { Strength: BindingStrength.Required, ValueSet: { } valueSet }
            && shapes.Definitions.ValueSet(valueSet) is { } codes
            && (element.Info?.Binding is not { Strength: BindingStrength.Required } b || b.ValueSet != valueSet))
            return new CodesTest(codes);
        return element.Children.Count == 0 && definition.Types is [{ Profiles: [var canonical] }] && SnapshotOf(canonical) is { } snapshot
            ? Of(snapshot.Root) : null;
    }

    private Snapshot? SnapshotOf(string canonical) => shapes.Definitions.Snapshot(canonical);
}

/// <summary>Some node at the path passes.</summary>
internal sealed class StepsTest(Step[] steps, ITest test) : ITest
{
    public bool Passes(Node node, Run run) => SlicePath.Any(node, steps, run, test);
}
