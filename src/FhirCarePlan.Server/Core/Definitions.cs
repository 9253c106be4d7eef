using FhirCarePlan.Server.Settings;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Definitions.Published;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Server.Core;

/// <summary>All definitions the server works by: base R4, the packages of `Validation:Packages` over it, and our own in front, so that a
/// package cannot change what is enforced. Each file is parsed when first needed.</summary>
public sealed class Definitions
{
    private Definitions(FhirPackage own, DefinitionSet all, IReadOnlyList<string> notes) =>
        (Own, All, Notes, Catalogue) = (own, all, notes, new Catalogue(all));

    /// <summary>Our own profiles, value sets and search parameters.</summary>
    public FhirPackage Own { get; }
    public DefinitionSet All { get; }
    /// <summary>What is laid over base R4, the lowest first.</summary>
    public IEnumerable<FhirPackage> Packages => All.Packages;
    /// <summary>Notes for the operator who put the packages there: missing dependencies, canonicals with two meanings.</summary>
    public IReadOnlyList<string> Notes { get; }
    /// <summary>The same for readers of the answers.</summary>
    public Catalogue Catalogue { get; }

    /// <param name="profiles">Folder of our own package.</param>
    /// <param name="packages">Folder of `*.tgz`; null for none.</param>
    /// <exception cref="StartRefused">One of them cannot be read.</exception>
    public static Definitions Load(string profiles, string? packages)
    {
        var report = new Report();
        var own = PackageReader.FromFolder(profiles, report);
        if (report.HasErrors) throw new StartRefused($"The profiles in {profiles} cannot be read: {Errors(report)}");
        report = new Report();
        var set = DefinitionSet.Base;
        if (packages != null)
        {
            // Other packages may depend on ours, which stays in front of them all the same.
            set = PackageOrder.Load(set.With(own with { Files = [] }, report), packages, report);
            if (report.HasErrors) throw new StartRefused($"Setting Validation:Packages: {Errors(report)}");
        }
        set = set.With(own, report);
        return new Definitions(own, set, [.. report.Issues.Select(i => i.Text)]);
    }

    private static string Errors(Report report) => string.Join("; ", report.Issues.Where(i => i.IsError).Select(i => i.Text));
}

internal static partial class DefinitionLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Definitions: {Note}")]
    public static partial void DefinitionNote(this ILogger log, string note);
}
