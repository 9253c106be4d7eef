using System.Text;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules.Bundles;

/// <summary>Rules between the entries of a bundle; each check is linear in their number. https://hl7.org/fhir/R4/bundle.html#invs</summary>
internal sealed class BundleRule : IRule
{
    public void Check(Node bundle, Run run)
    {
        var type = bundle.TextOf("type");
        if (type != "history") CheckUnique(bundle, run);
        if (!bundle["link"].IsMissing) BundleLinks.Check(bundle, type, run);
        var isInteraction = type is "transaction" or "batch";
        foreach (var entry in bundle.All("entry"))
            CheckFullUrl(entry, isInteraction, type is "transaction-response" or "batch-response", run);
        switch (type)
        {
            case "document": DocumentBundle.Check(bundle, run); break;
            case "message": DocumentBundle.CheckMessage(bundle, run); break;
            case "searchset": SearchsetBundle.Check(bundle, run); break;
        }
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

    /// <summary>A full URL is there and absolute; one that is the address of a resource on a server names that resource.
    /// https://hl7.org/fhir/R4/bundle-definitions.html#Bundle.entry.fullUrl</summary>
    private static void CheckFullUrl(Node entry, bool isInteraction, bool isResponse, Run run)
    {
        Node fullUrl = entry["fullUrl"], resource = entry["resource"];
        if (fullUrl.IsMissing)
        {
            if (!isInteraction && !isResponse && !resource.IsMissing && resource.Type.Name is not ("OperationOutcome" or "Parameters"))
                run.Error(IssueType.Required, entry, "full-url",
                    "`fullUrl` is missing; every entry that is not a request or a response must have one");
            return;
        }
        if (!fullUrl.HasValue) return;
        var address = fullUrl.Utf8;
        if (!address.Contains((byte)':')) run.Error(IssueType.Invalid, entry, "full-url", "`fullUrl` must be absolute");
        if (resource.IsMissing || isInteraction || !address.StartsWith("http"u8)) return;
        var named = Reference.NamedType(address);
        if (named.IsEmpty) return;
        var id = resource["id"];
        if (id.IsMissing)
            run.Error(IssueType.Invalid, entry, "full-url",
            "`fullUrl` is the address of a resource on a server, but the resource has no `id`");
        else if (!named.SequenceEqual(Encoding.ASCII.GetBytes(resource.Type.Name)) || !EndsWithId(address, id.Utf8))
            run.Error(IssueType.Invalid, entry, "full-url",
                $"`fullUrl` is the address of a resource on a server; it must end with `{resource.Type.Name}` and the resource's `id`");
    }

    private static bool EndsWithId(ReadOnlySpan<byte> address, ReadOnlySpan<byte> id) =>
        address.EndsWith(id) && address.Length > id.Length && address[^(id.Length + 1)] == '/';
}
