using System.Collections.Concurrent;

namespace FhirCarePlan.Fhir.Definitions.Profiles;

/// <summary>A base R4 type as the snapshot that profiles start from: backbone elements are walked into, data types are not.</summary>
internal static class BaseSnapshot
{
    public const string Canonical = "http://hl7.org/fhir/StructureDefinition/";

    private static readonly ConcurrentDictionary<TypeInfo, SnapshotElement> Roots = new();

    public static SnapshotElement Of(TypeInfo type) => Roots.GetOrAdd(type, static t => new SnapshotElement
    {
        Name = t.Name,
        RootType = t,
        Definition = new ElementDefinition { Path = t.Name, Min = 0, Max = int.MaxValue },
        Children = [.. t.Elements.Select(Element)],
    });

    /// <summary>The R4 type of a canonical, null when it is something else's.</summary>
    public static TypeInfo? TypeOf(string canonical)
    {
        var end = canonical.IndexOf('|');
        var url = end < 0 ? canonical : canonical[..end];
        return url.StartsWith(Canonical, StringComparison.Ordinal) && url.IndexOf('.') is var dot && dot < Canonical.Length ? R4.Type(url[Canonical.Length..]) : null;
    }

    /// <summary>True for `Questionnaire.item.item`, whose type is the backbone element of another path.</summary>
    public static bool IsContentReference(ElementInfo info) =>
        info.Types.Count == 1 && info.Types[0].TypeName.Contains('.') && info.Types[0].TypeName != info.Path;

    private static SnapshotElement Element(ElementInfo info)
    {
        var isReference = IsContentReference(info);
        var isBackbone = !isReference && info.Types.Count == 1 && info.Types[0].TypeName.Contains('.');
        return new SnapshotElement
        {
            Name = info.Name,
            Info = info,
            Definition = new ElementDefinition
            {
                Path = info.Path,
                Min = info.Min,
                Max = info.Max,
                Types = isReference ? [] : [.. info.Types.Select(Type)],
                ContentReference = isReference ? "#" + info.Types[0].TypeName : null,
                Binding = info.Binding is { } binding ? new ElementBinding(binding.Strength, binding.ValueSet, null) : null,
                IsModifier = info.IsModifier ? true : null,
                IsSummary = info.IsSummary ? true : null,
            },
            Children = isBackbone ? [.. info.Types[0].Type.Elements.Select(Element)] : [],
        };
    }

    private static ElementType Type(TypeChoice choice) => new(
        choice.TypeName.Contains('.') ? choice.Type.Base!.Name : choice.TypeName,
        [], [.. choice.Targets.Select(t => Canonical + t)], [], null);
}
