namespace FhirCarePlan.Fhir.Definitions.Profiles;

/// <summary>A differential replaces the inherited statement; constraints add up.</summary>
internal static class ElementMerge
{
    public static ElementDefinition Apply(ElementDefinition inherited, ElementDefinition stated) => inherited with
    {
        Slicing = stated.Slicing is { } slicing ? Slicing(inherited.Slicing, slicing) : inherited.Slicing,
        Min = stated.Min ?? inherited.Min,
        Max = stated.Max ?? inherited.Max,
        Types = stated.Types.Count > 0 ? stated.Types : inherited.Types,
        ContentReference = stated.ContentReference ?? inherited.ContentReference,
        Fixed = stated.Fixed.IsMissing ? inherited.Fixed : stated.Fixed,
        Pattern = stated.Pattern.IsMissing ? inherited.Pattern : stated.Pattern,
        MinValue = stated.MinValue.IsMissing ? inherited.MinValue : stated.MinValue,
        MaxValue = stated.MaxValue.IsMissing ? inherited.MaxValue : stated.MaxValue,
        MaxLength = stated.MaxLength ?? inherited.MaxLength,
        MinLength = stated.MinLength ?? inherited.MinLength,
        Binding = stated.Binding is { } binding ? Binding(inherited.Binding, binding) : inherited.Binding,
        Constraints = Constraints(inherited.Constraints, stated.Constraints),
        MustSupport = stated.MustSupport ?? inherited.MustSupport,
        IsModifier = stated.IsModifier ?? inherited.IsModifier,
        IsSummary = stated.IsSummary ?? inherited.IsSummary,
        MustHaveValue = stated.MustHaveValue || inherited.MustHaveValue,
        Source = stated.Source,
        Older = inherited.Source.IsMissing ? inherited.Older : [inherited.Source, .. inherited.Older],
    };

    private static Slicing Slicing(Slicing? inherited, Slicing stated) =>
        inherited == null || stated.Discriminators.Count > 0 ? stated : stated with { Discriminators = inherited.Discriminators };

    private static ElementBinding Binding(ElementBinding? inherited, ElementBinding stated) => new(
        stated.Strength ?? inherited?.Strength, stated.ValueSet ?? inherited?.ValueSet, stated.MaxValueSet ?? inherited?.MaxValueSet);

    /// <summary>Keys are unique within an element (eld-14), so a key that is known already says the same thing again.</summary>
    private static IReadOnlyList<Invariant> Constraints(IReadOnlyList<Invariant> inherited, IReadOnlyList<Invariant> stated)
    {
        if (stated.Count == 0) return inherited;
        if (inherited.Count == 0) return stated;
        return [.. inherited, .. stated.Where(s => inherited.All(i => i.Key != s.Key))];
    }
}
