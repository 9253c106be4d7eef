using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules.Bundles;

/// <summary>Links of a bundle: each relation once; pages belong to searches and histories.
/// https://hl7.org/fhir/R4/http.html#paging</summary>
internal static class BundleLinks
{
    public static void Check(Node bundle, string? type, Run run)
    {
        var isPaged = type is "searchset" or "history";
        var seen = 0;
        foreach (var link in bundle.All("link"))
        {
            var bit = link.TextOf("relation") switch
            {
                "self" => 1,
                "first" => 2,
                "previous" => 4,
                "prev" => 4,
                "next" => 8,
                "last" => 16,
                _ => 0
            };
            if (bit > 1 && !isPaged && type != null)
                run.Error(IssueType.Invalid, link, "bundle-link", $"The link `{link.TextOf("relation")}` has no meaning in a `{type}`");
            if ((seen & bit) != 0)
                run.Error(IssueType.Invalid, link, "bundle-link", $"The link `{link.TextOf("relation")}` occurs more than once");
            seen |= bit;
        }
    }
}
