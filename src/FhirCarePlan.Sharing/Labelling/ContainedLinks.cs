using System.Numerics;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Labelling;

/// <summary>Contained resources and what points at them: a reference is seen only with its target, and a contained resource goes with the
/// last reference to it (dom-3, ref-1). https://hl7.org/fhir/R4/references.html#contained</summary>
internal sealed class ContainedLinks
{
    private readonly List<(int Resource, List<int> Referrers)> links = [];

    /// <summary>Null when nothing is contained.</summary>
    public static ContainedLinks? Of(Document document)
    {
        ContainedLinks? found = null;
        for (var i = 1; i < document.Count; i++)
            if (document[i].Type.IsResource && document[i].Name == "contained") (found ??= new ContainedLinks()).links.Add((i, []));
        found?.FindReferrers(document);
        return found;
    }

    private void FindReferrers(Document document)
    {
        for (var i = 1; i < document.Count; i++)
        {
            var node = document[i];
            if (!IsAddress(node) || node.Raw.Length < 3 || node.Raw[1] != '#') continue;
            var holder = Container(node);
            var id = node.Utf8[1..];
            foreach (var (resource, referrers) in links)
            {
                var target = document[resource];
                // `#` alone is the container: then the contained resource refers out and needs no reference to itself.
                var isTarget = id.IsEmpty
                    ? IsBelow(node, resource) : target.Parent == holder && target["id"] is { IsMissing: false } own && own.ValueEquals(id);
                if (isTarget) referrers.Add(node.Type.Name == "string" ? node.Parent.Index : i);
            }
        }
    }

    private static bool IsAddress(Node node) =>
        node.Type.Name switch
        {
            "string" => node.Name == "reference" && node.Parent.Type.Name == "Reference",
            "uri" or "url" or "canonical" => true,
            _ => false,
        };

    private static Node Container(Node node)
    {
        var resource = node.Resource;
        return resource.Name == "contained" && !resource.IsRoot ? resource.Parent : resource;
    }

    private static bool IsBelow(Node node, int ancestor)
    {
        for (; node.Index > ancestor; node = node.Parent) { }
        return node.Index == ancestor;
    }

    public bool Close(long[] masks)
    {
        var changed = false;
        foreach (var (resource, referrers) in links)
        {
            if (referrers.Count == 0) continue;
            var best = referrers[0];
            foreach (var referrer in referrers)
            {
                changed |= Raise(masks, referrer, masks[resource]);
                if (Extra(referrer) < Extra(best)) best = referrer;
            }
            changed |= Raise(masks, resource, masks[best]);

            int Extra(int referrer) => BitOperations.PopCount((ulong)(masks[referrer] & ~masks[resource]));
        }
        return changed;
    }

    private static bool Raise(long[] masks, int node, long mask)
    {
        if ((mask & ~masks[node]) == 0) return false;
        masks[node] |= mask;
        return true;
    }
}
