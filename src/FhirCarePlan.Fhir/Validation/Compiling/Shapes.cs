using System.Collections.Concurrent;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Definitions.Profiles;
using FhirCarePlan.Fhir.Validation.Rules;

namespace FhirCarePlan.Fhir.Validation.Compiling;

/// <summary>The compiled tables of a definition set, each made when first asked for. Two threads may make the same one at once: both
/// results are right and one is kept.</summary>
internal sealed class Shapes
{
    /// <summary>The problem of an unknown profile.</summary>
    public const string Unknown = "is not known";

    private Shape?[] bases = new Shape?[1024];
    private readonly ConcurrentDictionary<string, (Shape? Shape, string? Problem)> profiles = new(StringComparer.Ordinal);
    private readonly Lazy<Utf8Table<Lazy<KnownExtension?>>> extensions;
    private readonly Lazy<Utf8Table<Lazy<KnownCodes>>> codeSystems;
    private readonly Lazy<Dictionary<string, string[]>> globalProfiles;

    public Shapes(DefinitionSet definitions)
    {
        Definitions = definitions;
        KnowsAllOfHl7 = definitions.Has("hl7.fhir.uv.extensions.r4");
        extensions = new(ExtensionTable);
        codeSystems = new(CodeSystemTable);
        globalProfiles = new(GlobalProfiles);
    }

    public DefinitionSet Definitions { get; }

    /// <summary>True when HL7's extensions package is loaded, so that others of HL7's address cannot be.</summary>
    public bool KnowsAllOfHl7 { get; }

    public Shape Base(TypeInfo type)
    {
        var known = bases;
        if (type.Number < known.Length && known[type.Number] is { } shape) return shape;
        shape = BaseCompiler.Compile(type, this);
        lock (extensions)
        {
            if (type.Number >= bases.Length) Array.Resize(ref bases, type.Number * 2);
            bases[type.Number] = shape;
        }
        return shape;
    }

    /// <summary>True for the canonical of an R4 type, which every resource of that type meets.</summary>
    public static bool IsBase(string canonical, out string type)
    {
        type = BaseSnapshot.TypeOf(canonical)?.Name ?? "";
        return type.Length > 0;
    }

    /// <param name="problem">Why there is none, as the end of a sentence that begins with the profile's name.</param>
    public Shape? Profile(string canonical, out string? problem)
    {
        if (!profiles.TryGetValue(canonical, out var known)) profiles[canonical] = known = Compile(canonical);
        problem = known.Problem;
        return known.Shape;
    }

    /// <summary>Null when the extension is not known.</summary>
    public KnownExtension? Extension(ReadOnlySpan<byte> url) => extensions.Value.TryGet(url, out var known) ? known.Value : null;

    /// <summary>Null for a code system whose codes are not at hand.</summary>
    public KnownCodes? Codes(ReadOnlySpan<byte> system) => codeSystems.Value.TryGet(system, out var known) ? known.Value : null;

    /// <summary>Profiles that an implementation guide asks of every resource of a type.
    /// https://hl7.org/fhir/R4/implementationguide-definitions.html#ImplementationGuide.global</summary>
    public string[] GlobalProfiles(TypeInfo type) =>
        globalProfiles.Value is { Count: > 0 } all && all.TryGetValue(type.Name, out var profiles) ? profiles : [];

    private (Shape?, string?) Compile(string canonical)
    {
        var url = DefinitionSet.Plain(canonical);
        if (BaseSnapshot.TypeOf(url) is { } type)
            return (new Shape { Type = type, Profile = url, Elements = [] }, null);
        if (Definitions.Profile(url, out var broken) is not { } profile)
            return (null, broken == null ? Unknown : $"cannot be used: {broken}");
        var report = new Model.Report();
        if (Definitions.Snapshot(url, report) is not { } snapshot) return (null, $"cannot be used: {report.Issues[^1].Text}");
        if (snapshot.Root.RootType is not { } rootType) return (null, $"cannot be used: `{profile.Type}` is not a type of R4");
        return (new ProfileCompiler(this, profile.Url).Compile(snapshot.Root, rootType), null);
    }

    private Utf8Table<Lazy<KnownExtension?>> ExtensionTable()
    {
        // Whether a definition is one of an extension is known when it is parsed: on first use.
        var known = new Dictionary<string, Lazy<KnownExtension?>>(StringComparer.Ordinal);
        foreach (var file in Definitions.All("StructureDefinition").Concat(DefinitionSet.Base.Package.Files.Where(f => f.ResourceType == "StructureDefinition")))
            if (file.Url is { } url) known.TryAdd(url, new(() => Known(url)));
        return new Utf8Table<Lazy<KnownExtension?>>(known);
    }

    private Utf8Table<Lazy<KnownCodes>> CodeSystemTable()
    {
        var known = new Dictionary<string, Lazy<KnownCodes>>(StringComparer.Ordinal);
        foreach (var file in Definitions.All("CodeSystem"))
            if (file.Url is { } url) known.TryAdd(url, new(() => Known(Definitions.CodeSystem(url) ?? CodeSystemCodes.None(url))));
        foreach (var url in R4.CodeSystems) known.TryAdd(url, new(() => new KnownCodes(url, R4.CodeSystem(url)!, false, () => Definitions.Concepts(url))));
        return new Utf8Table<Lazy<KnownCodes>>(known);
    }

    private KnownCodes Known(CodeSystemCodes codes) => new(codes.Url, codes, codes.IsSupplement, () => Definitions.Concepts(codes.Url));

    private Dictionary<string, string[]> GlobalProfiles()
    {
        var profiles = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var file in Definitions.All("ImplementationGuide"))
        {
            if (file.Url is not { } url || Definitions.Resource("ImplementationGuide", url) is not { IsMissing: false } guide) continue;
            foreach (var global in guide.All("global"))
                if (global.TextOf("type") is { } type && global.TextOf("profile") is { } profile)
                    profiles[type] = [.. profiles.GetValueOrDefault(type, []).Append(profile).Distinct()];
        }
        return profiles;
    }

    private KnownExtension? Known(string url)
    {
        if (Definitions.Profile(url) is not { IsExtension: true } definition || Definitions.Snapshot(url) is not { } snapshot) return null;
        var shape = Profile(url, out _);
        return new KnownExtension(url, snapshot.Root.Definition.IsModifier == true, new ContextRule([.. Definitions.Profiles(url)]),
            shape is { IsEmpty: true } ? null : shape);
    }
}
