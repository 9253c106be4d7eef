using System.Text;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>What holds between the entries of a bundle; each check is linear in their number. https://hl7.org/fhir/R4/bundle.html#invs</summary>
internal sealed class BundleRule : IRule
{
    public void Check(Node bundle, Run run)
    {
        var type = bundle.TextOf("type");
        if (type != "history") CheckUnique(bundle, run);
        if (type is "transaction" or "batch") return;
        foreach (var entry in bundle.All("entry")) CheckFullUrl(entry, run);
    }

    /// <summary>`bdl-7`: a full URL occurs once for each version.</summary>
    private static void CheckUnique(Node bundle, Run run)
    {
        HashSet<string>? seen = null;
        foreach (var entry in bundle.All("entry"))
        {
            if (entry.TextOf("fullUrl") is not { } fullUrl) continue;
            seen ??= new HashSet<string>(StringComparer.Ordinal);
            if (!seen.Add(entry["resource"]["meta"].TextOf("versionId") is { } version ? $"{fullUrl} {version}" : fullUrl))
                run.Error(IssueType.Invariant, bundle, "bdl-7", "A `fullUrl` occurs more than once for the same version");
        }
    }

    /// <summary>A full URL that is the address of a resource on a server names that resource. https://hl7.org/fhir/R4/bundle.html#bundle-unique</summary>
    private static void CheckFullUrl(Node entry, Run run)
    {
        Node fullUrl = entry["fullUrl"], resource = entry["resource"];
        if (fullUrl.IsMissing || resource.IsMissing || !fullUrl.HasValue) return;
        var address = fullUrl.Utf8;
        if (!address.StartsWith("http"u8)) return;
        var named = References.TypeOf(address);
        if (named.IsEmpty || !named.SequenceEqual(Encoding.ASCII.GetBytes(resource.Type.Name))) return;
        var id = resource["id"];
        if (id.IsMissing) run.Error(IssueType.Invalid, entry, "full-url", "`fullUrl` is the address of a resource on a server, and the resource has no `id`");
        else if (!address.EndsWith(id.Utf8)) run.Warning(IssueType.Invalid, entry, "full-url", "`fullUrl` ends with another id than the resource has");
    }
}
