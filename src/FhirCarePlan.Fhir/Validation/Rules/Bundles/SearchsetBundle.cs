using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules.Bundles;

/// <summary>The result of a search: matches have the type asked for, every resource has an id, and outcomes are OperationOutcomes.
/// https://hl7.org/fhir/R4/search.html#return</summary>
internal static class SearchsetBundle
{
    private const string Key = "searchset";

    public static void Check(Node bundle, Run run)
    {
        string[]? types = null;
        foreach (var entry in bundle.All("entry"))
        {
            var resource = entry["resource"];
            if (resource.IsMissing)
            {
                run.Error(IssueType.Required, entry, Key, "A search result has no resource");
                continue;
            }
            switch (entry["search"].TextOf("mode"))
            {
                case "match":
                    NeedsId(resource, run);
                    types ??= Asked(bundle);
                    if (types.Length > 0 && !types.Contains(resource.Type.Name))
                        run.Error(IssueType.Invalid, resource, Key,
                            $"A match is a `{resource.Type.Name}`; the search in the link `self` asks for "
                            + $"{string.Join(" or ", types.Select(t => $"`{t}`"))}");
                    break;
                case "include": NeedsId(resource, run); break;
                case "outcome" when resource.Type.Name != "OperationOutcome":
                    run.Error(IssueType.Invalid, resource, Key,
                        $"An outcome is a `{resource.Type.Name}`; it must be an `OperationOutcome`");
                    break;
            }
        }
    }

    private static void NeedsId(Node resource, Run run)
    {
        if (resource["id"].IsMissing && resource.Type.Name != "OperationOutcome")
            run.Error(IssueType.Required, resource, Key, "A search result has no `id`");
    }

    /// <summary>`https://a.example/fhir/Patient?name=x` and `…/fhir?_type=Patient,Group`; empty when the link does not tell.</summary>
    private static string[] Asked(Node bundle)
    {
        foreach (var link in bundle.All("link"))
        {
            if (link.TextOf("relation") != "self" || link.TextOf("url") is not { } url) continue;
            var query = url.IndexOf('?');
            var path = query < 0 ? url : url[..query];
            var last = Reference.LastPart(path);
            if (R4.Type(last) is { IsResource: true }) return [last];
            if (query < 0) continue;
            foreach (var part in url[(query + 1)..].Split('&'))
                if (part.StartsWith("_type=", StringComparison.Ordinal)) return part["_type=".Length..].Split(',');
        }
        return [];
    }
}
