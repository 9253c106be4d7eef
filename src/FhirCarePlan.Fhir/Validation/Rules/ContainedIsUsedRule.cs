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

    /// <summary>Every `#…` in a reference, canonical, uri or url, and in what the narrative shows.</summary>
    private static HashSet<string> Fragments(Node resource)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        Collect(resource, found);
        return found;
    }

    private static void Collect(Node node, HashSet<string> found)
    {
        if (node.HasValue)
            switch (node.Type.Name)
            {
                case "string" when node.Name != "reference": break;
                case "string" or "canonical" or "uri" or "url":
                    if (node.Raw is [(byte)'"', (byte)'#', ..]) found.Add(node.Text!);
                    break;
                case "xhtml":
                    CollectLinks(node.Text!, found);
                    break;
            }
        for (var child = node.FirstChild; !child.IsMissing; child = child.NextSibling) Collect(child, found);
    }

    private static void CollectLinks(string xhtml, HashSet<string> found)
    {
        for (var at = xhtml.IndexOf("=\"#", StringComparison.Ordinal); at >= 0; at = xhtml.IndexOf("=\"#", at + 3, StringComparison.Ordinal))
            if (xhtml.IndexOf('"', at + 3) is > 0 and var end) found.Add(xhtml[(at + 2)..end]);
    }

    private static bool RefersToContainer(Node node)
    {
        if (node.HasValue && node.Raw.SequenceEqual("\"#\""u8)) return true;
        for (var child = node.FirstChild; !child.IsMissing; child = child.NextSibling)
            if (RefersToContainer(child)) return true;
        return false;
    }
}
