namespace FhirCarePlan.Fhir.Definitions.Profiles;

/// <summary>What a snapshot repeats of R4's types names R4's version, as the publisher of implementation guides writes it: so it stays what
/// it is where several versions of FHIR are at hand. Statements of profiles stay as they were written.
/// https://hl7.org/fhir/R4/references.html#canonical</summary>
internal static class Pinning
{
    private const string Version = "|4.0.1";

    public static ElementDefinition Of(SnapshotElement element)
    {
        var definition = element.Definition;
        if (definition.ContentReference is ['#', ..] local)
            definition = definition with { ContentReference = BaseSnapshot.Canonical + local[1..local.IndexOf('.')] + local };
        if (element.Info is not { } info) return definition;
        var inherited = BaseSnapshot.Of(info).Definition;
        if (definition.Types.Any(t => IsPinned(t, inherited)))
            definition = definition with { Types = [.. definition.Types.Select(t => IsPinned(t, inherited) ? Pinned(t) : t)] };
        return definition.Binding is { ValueSet: { } valueSet } binding && ReferenceEquals(valueSet, inherited.Binding?.ValueSet)
            ? definition with { Binding = binding with { ValueSet = Pinned(valueSet) } } : definition;
    }

    private static bool IsPinned(ElementType type, ElementDefinition inherited) =>
        type.Profiles.Count + type.Targets.Count > 0 && inherited.Types.Any(t => ReferenceEquals(t, type));

    private static ElementType Pinned(ElementType type) =>
        type with { Profiles = [.. type.Profiles.Select(Pinned)], Targets = [.. type.Targets.Select(Pinned)] };

    /// <summary>HL7's terminology outside of FHIR has versions of its own.</summary>
    private static string Pinned(string canonical) =>
        canonical.Contains('|') || !canonical.StartsWith("http://hl7.org/fhir/", StringComparison.Ordinal) ? canonical : canonical + Version;
}
