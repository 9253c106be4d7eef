using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing.Views;

namespace FhirCarePlan.Server.Units;

/// <summary>The service's own marks in a `meta` that comes back: SUBSETTED, REDACTED and the notice of what is withheld
/// (src/docs/sharing.md#markers-and-refusals). They belong to views and are never stored.</summary>
public static class Marks
{
    private const string System = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";

    public static bool IsMark(Node node) => node.Name switch
    {
        "tag" => IsCode(node, "SUBSETTED"),
        "security" => IsCode(node, "REDACTED"),
        "extension" => node.TextOf("url") == ViewMarks.WithheldUrl,
        _ => false,
    };

    public static bool Any(Node resource)
    {
        foreach (var child in resource["meta"].Children)
            if (IsMark(child)) return true;
        return false;
    }

    /// <summary>The tag that says the resource is only a part of what the caller could have read; Missing when there is none. A partial
    /// view carries REDACTED as well: a caller who may write the type writes that view as the whole resource.</summary>
    public static Node PartOf(Node resource)
    {
        var isRedacted = false;
        foreach (var label in resource["meta"].All("security")) isRedacted |= IsCode(label, "REDACTED");
        foreach (var tag in resource["meta"].All("tag"))
            if (IsCode(tag, "SUBSETTED") && (!isRedacted || tag.TextOf("display") == Sharing.Views.Subset.PartDisplay)) return tag;
        return Node.Missing;
    }

    private static bool IsCode(Node coding, string code) => coding.TextOf("code") == code && coding.TextOf("system") == System;
}
