using System.Collections.Frozen;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Core;

namespace FhirCarePlan.Server.Guide;

/// <summary>The package under `profiles/`, by the names and canonicals its readers use.</summary>
public sealed class GuidePackage
{
    private readonly FrozenDictionary<string, GuideEntry> byName, byFile, byUrl;

    public GuidePackage(FhirPackage package)
    {
        Package = package;
        All = [.. package.Files.Select(GuideEntry.Read).OfType<GuideEntry>().OrderBy(e => e.Name, StringComparer.Ordinal)];
        byName = All.ToFrozenDictionary(e => e.Name, StringComparer.Ordinal);
        byFile = All.ToFrozenDictionary(e => e.FileName, StringComparer.Ordinal);
        byUrl = All.ToFrozenDictionary(e => e.Url, StringComparer.Ordinal);
        Definitions = DefinitionSet.Base.With(package, new Report());
    }

    public FhirPackage Package { get; }
    /// <summary>Base R4 and this package, nothing else.</summary>
    public DefinitionSet Definitions { get; }
    public IReadOnlyList<GuideEntry> All { get; }

    public IEnumerable<GuideEntry> Of(GuideKind kind) => All.Where(e => e.Kind == kind);
    public GuideEntry? Named(string name) => byName.GetValueOrDefault(name);
    public GuideEntry? InFile(string file) => byFile.GetValueOrDefault(file);
    /// <param name="canonical">With or without a version.</param>
    public GuideEntry? At(string canonical) => byUrl.GetValueOrDefault(canonical.Split('|')[0]);

    /// <summary>Canonicals of the profiles on a resource type, in alphabetical order.</summary>
    public IReadOnlyList<string> ProfilesOf(string type) =>
        [.. All.Where(e => e.Constrains == type).Select(e => e.Url).Order(StringComparer.Ordinal)];
}
