using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>`dom-3`: what is contained is referred to from somewhere in the resource, or refers to the resource.
/// https://hl7.org/fhir/R4/domainresource.html#invs</summary>
internal sealed class ContainedIsUsedRule : IRule
{
    public void Check(Node resource, Run run)
    {
        var contained = resource["contained"];
        if (contained.IsMissing) return;
        HashSet<string>? used = null;
        foreach (var one in resource.All("contained"))
        {
            used ??= Fragments(resource);
            if (one.TextOf("id") is { } id && used.Contains("#" + id) || RefersToContainer(one)) continue;
            run.Error(IssueType.Invariant, resource, "dom-3", "A contained resource is referred to from nowhere in the resource");
            return;
        }
    }

    /// <summary>Every `#…` in a reference, canonical, uri or url.</summary>
    private static HashSet<string> Fragments(Node resource)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        Collect(resource);
        return found;

        void Collect(Node node)
        {
            if (node.HasValue && node.Type.Name is "string" or "canonical" or "uri" or "url" && node.Raw is [(byte)'"', (byte)'#', ..]
                && (node.Type.Name != "string" || node.Name == "reference"))
                found.Add(node.Text!);
            for (var child = node.FirstChild; !child.IsMissing; child = child.NextSibling) Collect(child);
        }
    }

    private static bool RefersToContainer(Node node)
    {
        if (node.HasValue && node.Raw.SequenceEqual("\"#\""u8)) return true;
        for (var child = node.FirstChild; !child.IsMissing; child = child.NextSibling)
            if (RefersToContainer(child)) return true;
        return false;
    }
}
