using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>`dom-3`: something in the resource refers to each contained resource, or the contained resource refers to the resource. One
/// pass strikes out those that are referred to. https://hl7.org/fhir/R4/domainresource.html#invs</summary>
internal sealed class ContainedIsUsedRule : IRule
{
    public void Check(Node resource, Run run)
    {
        var contained = resource["contained"];
        if (contained.IsMissing) return;
        Span<int> ids = stackalloc int[64];
        var count = 0;
        for (var one = contained; !one.IsMissing && one.Name == "contained"; one = one.NextSibling)
        {
            if (RefersToContainer(one)) continue;
            if (count == ids.Length) ids = Grow(ids);
            ids[count++] = one["id"] is { IsMissing: false } id ? id.Index : -1;
        }
        if (count > 0) Strike(resource, ids, ref count);
        if (count > 0) run.Error(IssueType.Invariant, resource, "dom-3", "Nothing in the resource refers to this contained resource");
    }

    private static Span<int> Grow(Span<int> ids)
    {
        var larger = new int[ids.Length * 4];
        ids.CopyTo(larger);
        return larger;
    }

    /// <summary>Takes out of the list every `#id` that a reference, canonical, uri, url or the narrative names.</summary>
    private static void Strike(Node node, Span<int> ids, ref int count)
    {
        if (node.HasValue)
            switch (node.Type.Name)
            {
                case "string" when node.Name != "reference": break;
                case "string" or "canonical" or "uri" or "url":
                    if (node.Raw is [(byte)'"', (byte)'#', ..]) Strike(node.Document, node.Raw[2..^1], ids, ref count);
                    break;
                case "xhtml":
                    StrikeLinks(node, ids, ref count);
                    break;
            }
        for (var child = node.FirstChild; !child.IsMissing && count > 0; child = child.NextSibling) Strike(child, ids, ref count);
    }

    /// <summary>`src="#image"`, in JSON with its quotes escaped.</summary>
    private static void StrikeLinks(Node div, Span<int> ids, ref int count)
    {
        for (var rest = div.Raw; rest.IndexOf("\"#"u8) is >= 0 and var at;)
        {
            rest = rest[(at + 2)..];
            var end = rest.IndexOfAny((byte)'"', (byte)'\\');
            if (end > 0) Strike(div.Document, rest[..end], ids, ref count);
        }
    }

    private static void Strike(Document document, ReadOnlySpan<byte> id, Span<int> ids, ref int count)
    {
        for (var i = 0; i < count; i++)
            if (ids[i] >= 0 && document[ids[i]].ValueEquals(id))
            {
                ids[i--] = ids[--count]; // the same id may be there twice
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
