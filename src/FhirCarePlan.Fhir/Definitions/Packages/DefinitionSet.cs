using System.Collections.Concurrent;
using FhirCarePlan.Fhir.Definitions.Codes;
using FhirCarePlan.Fhir.Definitions.Profiles;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Definitions.Packages;

/// <summary>All that is known beyond base R4: packages laid over each other, later ones in front. Immutable; parsed, resolved and
/// generated when first asked for. A set made with `With` leaves the set it was made from as it is.</summary>
public sealed class DefinitionSet
{
    /// <summary>R4 and nothing else: its types, terminology, profiles and extensions.</summary>
    public static DefinitionSet Base { get; } = new();

    private static readonly ParseLimits Limits = new(Depth: 200, StringLength: 32 << 20);

    private readonly DefinitionSet? below;
    private readonly Lazy<FhirPackage> package;
    private readonly Lazy<Dictionary<string, PackageFile>> byKey;
    private readonly ConcurrentDictionary<string, Known<StructureDefinition>> structures = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Known<Snapshot>> snapshots = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ICodes> valueSets = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConceptTable> concepts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CodeSystemCodes> codeSystems = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Known<Document>> resources = new(StringComparer.Ordinal);
    private readonly Lazy<Dictionary<string, string>> typeByUrl;

    private DefinitionSet(DefinitionSet below, FhirPackage package, Dictionary<string, PackageFile> files) =>
        (this.below, this.package, byKey, typeByUrl) = (below, new(package), new(files), new(TypeByUrl));

    private DefinitionSet()
    {
        package = new(R4Package.Read);
        byKey = new(() => Package.Files.ToDictionary(f => Key(f.ResourceType, f.Url!), StringComparer.Ordinal));
        typeByUrl = new(TypeByUrl);
    }

    /// <summary>The topmost package.</summary>
    public FhirPackage Package => package.Value;

    private Dictionary<string, PackageFile> Files => byKey.Value;

    private static string Key(string resourceType, string url) => $"{resourceType} {url}";

    /// <summary>All packages over base R4, the lowest first.</summary>
    public IEnumerable<FhirPackage> Packages => below is null ? [] : below.Packages.Append(Package);

    /// <summary>A set with one more package in front. The report lists missing dependencies and canonicals that were known
    /// already.</summary>
    public DefinitionSet With(FhirPackage package, Report report)
    {
        foreach (var (name, version) in package.Dependencies)
            if (!Has(name))
                report.Add(Note(IssueSeverity.Warning, IssueType.NotFound,
                $"`{package}` depends on `{name}#{version}`, which is not loaded"));
        var added = new Dictionary<string, PackageFile>(StringComparer.Ordinal);
        foreach (var file in package.Files)
        {
            if (file.Url == null) continue;
            var key = Key(file.ResourceType, file.Url);
            if (!added.TryAdd(key, file))
                report.Add(Note(IssueSeverity.Warning, IssueType.Duplicate,
                    $"`{file.Url}` is in `{package}` twice; `{added[key].Source}` is used, not `{file.Source}`"));
            else if (Find(key, out var other) is { } earlier && !earlier.Utf8.Span.SequenceEqual(file.Utf8.Span))
                report.Add(Note(IssueSeverity.Information, IssueType.Duplicate,
                    $"`{file.Url}` of `{package}`{Versioned(file)} replaces the one of `{other}`{Versioned(earlier)}"));
        }
        return new DefinitionSet(this, package, added);
    }

    /// <summary>A profile or extension by canonical; a version suffix is ignored. Null when unknown, broken or a type of base R4.</summary>
    public StructureDefinition? Profile(string canonical) => Profile(canonical, out _);

    /// <param name="problem">Says why a definition that is there cannot be used.</param>
    public StructureDefinition? Profile(string canonical, out string? problem)
    {
        var url = Plain(canonical);
        problem = null;
        if (!Files.TryGetValue("StructureDefinition " + url, out var file)) return below?.Profile(url, out problem);
        var known = structures.GetOrAdd(url, _ => Known<StructureDefinition>.From(file, StructureDefinition.Read));
        problem = known.Problem;
        return known.Value is { IsConstraint: true } profile ? profile : null;
    }

    /// <summary>The profile as every package defines it, the topmost first.</summary>
    public IEnumerable<StructureDefinition> Profiles(string canonical)
    {
        for (var set = this; set != null; set = set.below)
            if (set.Files.ContainsKey("StructureDefinition " + Plain(canonical)) && set.Profile(canonical) is { } profile)
                yield return profile;
    }

    /// <summary>A profile with everything it inherits; null when it or its base is missing. Statements of the profile that have no effect
    /// go to the report.</summary>
    public Snapshot? Snapshot(string canonical, Report? report = null) => Snapshot(Plain(canonical), report, []);

    private Snapshot? Snapshot(string url, Report? report, HashSet<string> underWay)
    {
        if (!Files.ContainsKey("StructureDefinition " + url)) return below?.Snapshot(url, report, underWay);
        if (report == null && snapshots.TryGetValue(url, out var known)) return known.Value;
        if (Profile(url, out var problem) is not { } profile)
        {
            if (problem != null) report?.Add(Note(IssueSeverity.Error, IssueType.Invalid, $"`{url}` cannot be used: {problem}"));
            return null;
        }
        if (!underWay.Add(url)) return null; // a profile that is made of itself: the type below says the rest
        var own = report ?? new Report();
        var snapshot = new SnapshotGenerator(profile, other => Snapshot(Plain(other), null, underWay), own).Generate();
        underWay.Remove(url);
        // Inside a circle the result depends on where it was entered: keep only what a caller asked for.
        if (underWay.Count == 0) snapshots[url] = new Known<Snapshot>(snapshot, snapshot == null ? own.Issues[^1].Text : null);
        return snapshot;
    }

    /// <summary>A value set of a package, else of base R4; null when neither knows it.</summary>
    public ICodes? ValueSet(string canonical)
    {
        var url = Plain(canonical);
        for (var set = this; set != null; set = set.below)
            if (set.Files.TryGetValue("ValueSet " + url, out var file))
                return set.valueSets.GetOrAdd(url, _ => Known<ICodes>.From(file, root => ValueSetCodes.Read(root, this))
                    .Value ?? new UnknownCodes(url));
        return R4.ValueSet(url);
    }

    /// <summary>The same of a value set that is in no package.</summary>
    public ICodes Members(Node valueSet) => ValueSetCodes.Read(valueSet, this);

    /// <summary>The codes of a code system; null when it is not known or has no codes here.</summary>
    public CodeSystemCodes? CodeSystem(string canonical)
    {
        var url = Plain(canonical);
        for (var set = this; set != null; set = set.below)
            if (set.Files.TryGetValue("CodeSystem " + url, out var file))
                return set.codeSystems.GetOrAdd(url, _ => Known<CodeSystemCodes>.From(file, CodeSystemCodes.Read)
                    .Value ?? CodeSystemCodes.None(url));
        return null;
    }

    /// <summary>The concepts of a code system, of a package or of R4; null when none is at hand.</summary>
    public ConceptTable? Concepts(string system)
    {
        if (concepts.TryGetValue(system, out var known)) return known;
        var made = Resource("CodeSystem", system) is { IsMissing: false } root ? ConceptTable.Read(root) : ConceptTable.OfR4(system);
        // Names of systems come from outside: only those that exist are remembered.
        return made == null ? null : concepts.GetOrAdd(system, made);
    }

    /// <summary>Any resource of the packages by type and canonical, a questionnaire for one; Missing when there is none. A version in the
    /// canonical must be the resource's.</summary>
    public Node Resource(string resourceType, string canonical)
    {
        var url = Plain(canonical);
        for (var set = this; set != null; set = set.below)
        {
            if (!set.Files.TryGetValue(resourceType + " " + url, out var file)) continue;
            if (url.Length < canonical.Length && file.Version != canonical[(url.Length + 1)..]) continue;
            return set.resources.GetOrAdd(resourceType + " " + url, _ => Known<Document>.From(file, root => root.Document))
                .Value?.Root ?? default;
        }
        return default;
    }

    /// <summary>The resource type of a canonical, in the packages or in base R4; null when it is unknown.</summary>
    public string? TypeOf(string canonical)
    {
        var url = Plain(canonical);
        for (var set = this; set != null; set = set.below)
            if (set.typeByUrl.Value.TryGetValue(url, out var type)) return type;
        return R4.ValueSet(url) != null
            ? "ValueSet" : R4.CodeSystem(url) != null ? "CodeSystem" : BaseSnapshot.TypeOf(url) != null ? "StructureDefinition" : null;
    }

    private Dictionary<string, string> TypeByUrl()
    {
        var types = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Files.Values) types.TryAdd(file.Url!, file.ResourceType);
        return types;
    }

    /// <summary>All resources of a type that the packages over R4 have, topmost package first, in the package's order.</summary>
    public IEnumerable<PackageFile> All(string resourceType)
    {
        for (var set = this; set.below != null; set = set.below)
            foreach (var file in set.Package.Files)
                if (file.ResourceType == resourceType) yield return file;
    }

    /// <summary>The root of any resource of the packages, freshly parsed; the caller disposes its document. Null, with reasons in the
    /// report, when it cannot be read.</summary>
    public static Document? Parse(PackageFile file, Report report) => JsonParser.Parse(file.Utf8, report, Limits);

    /// <summary>True when a package of the name is part of the set; R4 itself always is.</summary>
    public bool Has(string packageName)
    {
        if (packageName.StartsWith("hl7.fhir.r4.core", StringComparison.Ordinal)) return true;
        for (var set = this; set != null; set = set.below)
            if (set.Package.Name == packageName) return true;
        return false;
    }

    private PackageFile? Find(string key, out FhirPackage? package)
    {
        // The lowest set is R4 itself: a package may bring R4's definitions along, and the operator gets no note about that.
        for (var set = this; set.below != null; set = set.below)
        {
            package = set.Package;
            if (set.Files.TryGetValue(key, out var file)) return file;
        }
        package = null;
        return null;
    }

    private static string Versioned(PackageFile file) => file.Version is { } version ? $" (version {version})" : "";

    /// <summary>A canonical without its version.</summary>
    public static string Plain(string canonical) => canonical.IndexOf('|') is >= 0 and var bar ? canonical[..bar] : canonical;

    private static Issue Note(IssueSeverity severity, string code, string text) => new(severity, code, "", text) { Key = "package" };

    private sealed record Known<T>(T? Value, string? Problem) where T : class
    {
        public static Known<T> From(PackageFile file, Func<Node, T?> read)
        {
            var report = new Report();
            // The result keeps the document alive.
            var document = JsonParser.Parse(file.Utf8, report, Limits);
            return document == null ? new(null, report.Issues[0].Text) : new(read(document.Root), null);
        }
    }

    private sealed record UnknownCodes(string Canonical) : ICodes
    {
        public bool? Contains(string? system, string code) => null;
        public IReadOnlyList<string> Some => [];
    }
}
