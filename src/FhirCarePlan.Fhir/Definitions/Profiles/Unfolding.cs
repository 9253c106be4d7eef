namespace FhirCarePlan.Fhir.Definitions.Profiles;

/// <summary>The elements below one into which no profile has walked yet.</summary>
internal static class Unfolding
{
    /// <summary>Its own children, else those of the profile or type it has. Of several types: what all elements have.</summary>
    public static IReadOnlyList<SnapshotElement> Children(SnapshotElement element, Func<string, Snapshot?> snapshotOf)
    {
        if (element.Children.Count > 0) return element.Children;
        if (element.Info is { Types: [var only] } && only.TypeName.Contains('.')) return BaseSnapshot.Of(only.Type).Children;
        var types = element.Definition.Types;
        if (types.Count == 0 || types.Any(t => t.Code != types[0].Code)) return BaseSnapshot.Of(R4.Type("Element")!).Children;
        if (types is [{ Profiles: [var canonical] } single] && snapshotOf(canonical) is { } snapshot
            && snapshot.Profile.Type == single.Code)
            return snapshot.Root.Children;
        return R4.Type(types[0].Code) is { } type ? BaseSnapshot.Of(type).Children : [];
    }
}
