using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>The extension `textLink` ties a part of the narrative to data: both ends are there.
/// https://hl7.org/fhir/extensions/StructureDefinition-textLink.html</summary>
internal sealed class TextLinkRule : IRule
{
    private const string Key = "text-link";

    public void Check(Node narrative, Run run)
    {
        foreach (var link in narrative.All("extension"))
        {
            if (link.TextOf("url") != "http://hl7.org/fhir/StructureDefinition/textLink") continue;
            foreach (var part in link.All("extension"))
            {
                if (part["value"].Text is not { } target) continue;
                if (part.TextOf("url") == "htmlid" && !Names(narrative.TextOf("div") ?? "", target))
                    run.Error(IssueType.NotFound, part, Key, "`htmlid` does not name a part of the narrative");
                else if (part.TextOf("url") == "data" && target.StartsWith('#') && !HasId(narrative.Resource, target.AsSpan(1)))
                    run.Error(IssueType.NotFound, part, Key, "`data` does not name an element of the resource");
            }
        }
    }

    private static bool Names(string div, string id) =>
        div.Contains($"id=\"{id}\"", StringComparison.Ordinal) || div.Contains($"id='{id}'", StringComparison.Ordinal);

    private static bool HasId(Node node, ReadOnlySpan<char> id)
    {
        if (node["id"] is { IsMissing: false } own && id.SequenceEqual(own.Text)) return true;
        for (var child = node.FirstChild; !child.IsMissing; child = child.NextSibling)
            if (child.HasChildren && HasId(child, id)) return true;
        return false;
    }
}
