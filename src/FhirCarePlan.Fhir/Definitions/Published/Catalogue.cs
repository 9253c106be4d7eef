using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Definitions.Published;

/// <summary>The definitions that a server works by, as resources to read and search: base R4 and the packages over it, each canonical once.
/// A type is listed when first asked for, a resource is written when asked for.</summary>
public sealed class Catalogue(DefinitionSet definitions)
{
    /// <summary>The types it holds.</summary>
    public static IReadOnlyList<string> Types { get; } = ["CodeSystem", "OperationDefinition", "SearchParameter", "StructureDefinition", "ValueSet"];

    /// <summary>The longest definition that is read.</summary>
    public static ParseLimits Limits { get; } = new(Depth: 200, StringLength: 32 << 20);

    private readonly Dictionary<string, Lazy<Listed>> listed = Types.ToDictionary(t => t, t => new Lazy<Listed>(() => List(definitions, t)));

    private sealed record Listed(IReadOnlyList<CatalogueEntry> Entries, Dictionary<string, CatalogueEntry> ById, Dictionary<string, CatalogueEntry> ByUrl);

    public static bool Holds(string resourceType) => Types.Contains(resourceType);

    /// <summary>In order of their canonicals.</summary>
    public IReadOnlyList<CatalogueEntry> All(string resourceType) => listed[resourceType].Value.Entries;

    /// <summary>Null when there is none, as for every type that the catalogue does not hold.</summary>
    public CatalogueEntry? ById(string resourceType, string id) => Holds(resourceType) ? listed[resourceType].Value.ById.GetValueOrDefault(id) : null;

    /// <param name="url">Without a version.</param>
    public CatalogueEntry? ByUrl(string resourceType, string url) => Holds(resourceType) ? listed[resourceType].Value.ByUrl.GetValueOrDefault(url) : null;

    private static Listed List(DefinitionSet definitions, string type)
    {
        var byUrl = new Dictionary<string, CatalogueEntry>(StringComparer.Ordinal);
        var byId = new Dictionary<string, CatalogueEntry>(StringComparer.Ordinal);
        foreach (var file in definitions.All(type).Concat(DefinitionSet.Base.Package.Files.Where(f => f.ResourceType == type)))
            if (file.Url is { } url) Add(new CatalogueEntry(type, file.Id ?? IdOf(url), url, file, definitions));
        foreach (var url in R4Resources.Urls(type)) Add(new CatalogueEntry(type, IdOf(url), url, null, definitions));
        return new Listed([.. byUrl.Values.OrderBy(e => e.Url, StringComparer.Ordinal)], byId, byUrl);

        void Add(CatalogueEntry entry)
        {
            if (byUrl.ContainsKey(entry.Url)) return;
            // Two packages may use one id for different things; each has its own address here.
            var id = entry.Id;
            for (var i = 2; byId.ContainsKey(id); i++) id = $"{entry.Id[..Math.Min(entry.Id.Length, 60)]}-{i}";
            entry = entry with { Id = id };
            byUrl.Add(entry.Url, entry);
            byId.Add(id, entry);
        }
    }

    /// <summary>The last part of an address, as HL7 names its own, with what an id may hold.</summary>
    private static string IdOf(string url)
    {
        var last = Reference.LastPart(url);
        var id = string.Concat(last.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : '-'));
        return id.Length is > 0 and <= 64 ? id : id.Length == 0 ? "x" : id[^64..];
    }
}

/// <summary>One definition.</summary>
/// <param name="Url">Its canonical without version.</param>
public sealed record CatalogueEntry(string ResourceType, string Id, string Url, PackageFile? File, DefinitionSet Definitions)
{
    /// <summary>JSON with everything it can be searched by.</summary>
    public ReadOnlyMemory<byte> Head() => File?.Utf8 ?? R4Resources.Write(ResourceType, Id, Url, isWhole: false);

    /// <summary>Canonical JSON with the id it is read by, structures with their snapshot; null when a package's file cannot be read as R4.</summary>
    public byte[]? Write() => File is null ? R4Resources.Write(ResourceType, Id, Url) : PackageResource.Write(File, Id, Definitions);
}
