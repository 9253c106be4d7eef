using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Definitions.Published;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Operations;

/// <summary>Definitions sent over REST, as far as the caller sees them. `$validate` may name them, and they may build on each other. The
/// definitions that the server works by come first, and a draft changes nothing else (src/docs/sharing.md#definitions).</summary>
public static class Drafts
{
    private const int Most = 2_000, PageSize = 500;

    /// <summary>A validator that knows the drafts besides the definitions that the server works by.</summary>
    public static Validator Validator(Work work) => new(Set(work, []), work.Engine.Clock);

    /// <param name="more">The definition being sent, in place of the stored one of its canonical.</param>
    public static DefinitionSet Set(Work work, IReadOnlyList<PackageFile> more)
    {
        var known = work.Engine.Definitions;
        var files = new List<PackageFile>(more);
        foreach (var type in Catalogue.Types)
            if (work.Engine.Types.Serves(type))
                foreach (var body in Stored(work, type))
                    if (PackageFile.Peek("draft", body) is { Url: { } url } file && known.Catalogue.ByUrl(type, url) == null
                        && more.All(m => m.ResourceType != type || m.Url != url))
                        files.Add(file);
        return known.All.With(FhirPackage.Of("drafts", files), new Report());
    }

    private static IEnumerable<byte[]> Stored(Work work, string type)
    {
        if (work.Engine.Queries.Parse(type, $"_count={PageSize}&_total=none", new Report()) is not { } query) yield break;
        if (ViewScope.Of(work, query) is not { } scope) yield break;
        SearchPage? page = null;
        for (var count = 0; count < Most && (page == null || page.Next != null); count += PageSize)
        {
            page = work.Snapshot.Search(query with { Page = page?.Next }, scope);
            foreach (var hit in page.Hits)
                yield return work.Show(ViewScope.See(work.Sight, hit),
                    new Shown(hit.Version.VersionId, hit.Version.LastUpdated));
        }
    }
}
